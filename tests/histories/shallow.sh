# A history that is cut off would seem to add every note on its oldest day.
claim ants "Ants" "Ants build."
commit
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
git clone --quiet --depth 1 "file://$PWD" ../shallow
cd ../shallow
check
happened 2>&1 || echo "exit code $?"
