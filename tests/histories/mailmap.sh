# Authors are named as `.mailmap` says.
printf 'Ada Lovelace <ada@example.org> <a@old.example.org>\n' > .mailmap
claim ants "Ants" "Ants build."
git add --all
git commit --quiet --message "start" --author "ada <a@old.example.org>"
vaultsync changelog --output-format json
