# A day is one net change, however many commits it took.
claim ants "Ants" "Ants build."
commit
day 2026-01-02
claim bees "Bees" "Bees dance."
claim ants "Ants" "Ants may build."
commit
claim bees "Bees" "Bees always dance."
git mv Claims/ants.md Claims/emmets.md
commit
claim cats "Cats" "Cats sleep."
claim emmets "Ants" "Ants build 3 hills."
commit
rm Claims/cats.md
commit
happened
