# A commit may speak for itself, or say nothing.
claim ants "Ants" "Ants build."
claim bees "Bees" "Bees dance."
save
day 2026-01-02
claim ants "Ants" "Ants bild."
commit "A slip

Changelog: none"
claim cats "Cats" "Cats sleep."
commit
day 2026-01-03
claim bees "Bees" "Bees dance in all hives."
commit "Read the papers on bees

Changelog: All claims on bees were
  compared with their papers"
day 2026-01-04
claim ants "Ants" "Ants build."
commit "Mend it

changelog: skip"
happened
title "recorded"
record
check
commit
check
title "days of their own"
printf '\n[changelog.days]\n2026-01-02 = "Spring cleaning"\n2025-05-01 = "The idea"\n' >> vaultsync.toml
happened
record
