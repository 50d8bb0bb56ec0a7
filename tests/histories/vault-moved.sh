# The vault moved from one folder to another: no note changed.
rm vaultsync.toml Changelog.md
vault notes
claim ants "Ants" "Ants build."
save
day 2026-01-02
claim bees "Bees" "Bees dance."
commit
day 2026-01-03
git mv notes vault
VAULT=vault
claim ants "Ants" "Ants never build."
commit
happened
title "what was not recorded before the move is told after it"
record
commit
check
title "and up to the top level"
day 2026-01-04
git mv vault/* .
VAULT=.
claim cats "Cats" "Cats sleep."
commit
happened
record
commit
check
