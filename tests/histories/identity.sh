# A note is followed to its new name by git, by an alias, by its source; and into another note.
paper() { printf '\n## Sources\n\n- original: [%s](https://example.org/%s), Ada 2024\n' "$2" "$2" >> "Claims/$1.md"; }
claim ants "Ants" "Ants build."
claim bees "Bees" "Bees dance."
claim cats "Cats" "Cats sleep."
paper cats sleep
claim dogs "Dogs" "Dogs bark."
claim eels "Eels" "Eels swim."
claim ents "Ents" "Ents walk."
commit
day 2026-01-02
git mv Claims/ants.md Claims/emmets.md
rm Claims/bees.md Claims/cats.md Claims/dogs.md
printf -- '---\ntitle: The honey bee\naliases: [bees]\narea: bees\nstatus: held\n---\n\nIts dance says where flowers are.\n' > Claims/apis.md
printf -- '---\ntitle: Felines\narea: ants\nstatus: held\n---\n\nFelines rest by day.\n' > Claims/felines.md
paper felines sleep
claim eels "Eels" "Eels swim, and dogs bark." "aliases: [Dogs]"
claim ents "Ents" "Ents walk." "colour: green"
commit
happened
