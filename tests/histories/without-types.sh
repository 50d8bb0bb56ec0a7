# Where no types are declared every note is told of, by its name and its properties.
rm vaultsync.toml
mkdir -p Books .obsidian .trash
printf -- '---\nrating: 4\ntags: [read]\n---\n\nText.\n' > Books/one.md
printf 'No properties.\n' > Books/two.md
printf 'Thrown away.\n' > .trash/three.md
commit
day 2026-01-02
printf -- '---\nrating: 5\nread: 2026-01-02\n---\n\nOther text.\n' > Books/one.md
printf 'None.\n' > Books/two.md
printf 'New.\n' > Books/new.md
commit
happened
vaultsync changelog --since 2026-01-02 --output-format json
