# History was rewritten after it was recorded; the journal says all of it already.
claim ants "Ants" "Ants build."
save
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
day 2026-01-03
claim cats "Cats" "Cats sleep."
save
day 2026-02-01
title "all commits made one"
git reset --quiet --soft "$(git rev-list --max-parents=0 HEAD)"
git commit --quiet --amend --message "Everything"
check
title "on another root"
git checkout --quiet --orphan other
commit
check
