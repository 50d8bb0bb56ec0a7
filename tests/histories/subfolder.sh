# A vault in a folder of a repository with other things in it.
rm vaultsync.toml Changelog.md
vault "my notes/vault"
claim ants "Ants" "Ants build."
mkdir -p Claims && cp "$VAULT/Claims/ants.md" Claims/other.md
save
day 2026-01-02
claim bees "Bees" "Bees dance."
cp "$VAULT/Claims/bees.md" Claims/more.md
commit
day 2026-01-03
git mv Claims/other.md "$VAULT/Claims/came-in.md"
git mv "$VAULT/Claims/bees.md" Claims/went-out.md
commit
happened
title "recorded"
record
commit
check
