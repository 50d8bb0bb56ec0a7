# A merge tells what its branch brought, and the edit that was made in the merge itself.
claim ants "Ants" "Ants build."
record > out.txt; rm out.txt
commit
git checkout --quiet -b side
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
git checkout --quiet main
day 2026-01-03
claim cats "Cats" "Cats sleep."
commit
day 2026-01-04
git merge --quiet --no-commit side > /dev/null 2>&1
claim ants "Ants" "Ants never build."
commit "Merge the side branch"
happened
title "after it is recorded and committed there is nothing to say"
record
commit
check
