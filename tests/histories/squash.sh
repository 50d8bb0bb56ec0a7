# A branch that recorded each of its days is squashed: what is written stays as it is.
claim ants "Ants" "Ants build."
save
git checkout --quiet -b side
day 2026-01-02
claim bees "Bees" "Bees dance."
save
day 2026-01-03
claim bees "Bees" "Bees dance often."
save
git checkout --quiet main
day 2026-01-05
git merge --quiet --squash side > /dev/null 2>&1
check
commit "The side branch as one commit"
check
record
