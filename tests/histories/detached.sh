# With a detached head what is checked out counts, and nothing after it.
claim ants "Ants" "Ants build."
save
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
day 2026-01-03
claim cats "Cats" "Cats sleep."
commit
git checkout --quiet --detach HEAD~1
happened
record
