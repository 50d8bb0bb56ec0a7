# Commits that were rebased keep their author's day, but days never run backwards.
claim ants "Ants" "Ants build."
commit
git checkout --quiet -b side
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
git checkout --quiet main
day 2026-01-04
claim cats "Cats" "Cats sleep."
commit
day 2026-01-06
git checkout --quiet side
git rebase --quiet main
happened
