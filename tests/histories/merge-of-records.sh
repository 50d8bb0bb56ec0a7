# Two branches recorded what they did; what one of them left out is told after the merge.
claim ants "Ants" "Ants build."
save
git checkout --quiet -b side
day 2026-01-02
claim bees "Bees" "Bees dance."
save
git checkout --quiet main
day 2026-01-03
claim cats "Cats" "Cats sleep."
commit
day 2026-01-04
git merge --quiet --no-ff --message "Merge the side branch" side > /dev/null 2>&1
check
record
commit
check
