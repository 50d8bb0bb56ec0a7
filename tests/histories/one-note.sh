# The history of one note, under the names that it had.
claim ants "Ants" "Ants build."
claim bees "Bees" "Bees dance."
commit
day 2026-01-02
git mv Claims/ants.md Claims/emmets.md
claim cats "Cats" "Cats sleep."
commit
day 2026-01-03
claim emmets "Emmets" "Emmets build."
claim bees "Bees" "Bees rest."
commit
day 2026-01-04
sed -i.bak 's/status: held/status: retired/' Claims/emmets.md && rm Claims/emmets.md.bak
title "by its path"
vaultsync changelog Claims/emmets.md
title "by the path that it had, of late"
vaultsync changelog Claims/ants.md --since 2026-01-02
title "by its name, since a revision, since a day"
vaultsync changelog emmets --since HEAD~1
vaultsync changelog Bees --since 2026-01-03
title "one that is not there"
vaultsync changelog nobody || echo "exit code $?"
