# Commits that nobody recorded come to lie below commits that record themselves.
claim ants "Ants" "Ants build."
claim bees "Bees" "Bees dance."
claim cats "Cats" "Cats sleep."
save
git checkout --quiet -b side
day 2026-01-02
claim bees "Bees" "Bees dance often."
save
day 2026-01-04
claim cats "Cats" "Cats sleep by day."
save
git checkout --quiet main
day 2026-01-03
claim ants "Ants" "Ants build towers."
commit
day 2026-01-05
title "after a rebase"
git checkout --quiet -b rebased side
git rebase --quiet main
check
record
check
commit
check
title "after a squash"
git checkout --quiet -b squashed main
git merge --quiet --squash side > /dev/null 2>&1
check
commit "The side branch as one commit"
check
record
commit
check
title "what was taken out by hand stays out"
day 2026-01-06
claim dogs "Dogs" "Dogs dig."
commit
record > /dev/null
sed -i '/dogs/d; /2026-01-06/d' Changelog.md
commit
check
