# Without settings or `.obsidian` it is the notes that tell that the vault moved.
mkdir notes
rm vaultsync.toml
for name in ants bees cats; do echo "All about $name, which is much to tell." > notes/$name.md; done
rm Changelog.md
commit
day 2026-01-02
git mv notes vault
echo "Dogs." > vault/dogs.md
commit
VAULT=vault
happened
