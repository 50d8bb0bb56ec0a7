# What git keeps of a symbolic link is no note.
claim ants "Ants" "Ants build."
save
day 2026-01-02
ln -s ants.md Claims/bees.md
check
commit
day 2026-01-03
rm Claims/bees.md
claim bees "Bees" "Bees dance."
commit
happened
title "and back to a link"
day 2026-01-04
save
ln -sf ants.md Claims/bees.md
record
commit
check
happened
