# A week of what the months hold: git's own hook, a phone, and two people's branches joined.
. "$(dirname "${BASH_SOURCE[0]}")/month.bash"
on 2026-02-02 Ada
claim ants "Ants" "Ants can lift 50 times their weight."
claim bees "Bees" "Bees can count to four."
vaultsync init --hook > ../said 2>&1
once "The first two"
git branch ben

on 2026-02-03 Ada
git mv Claims/ants.md Claims/emmets.md
once "Ants are emmets"

on 2026-02-04 Ada
claim dogs "Dogs" "Dogs smell fear."
phone

git checkout --quiet ben
on 2026-02-05 Ben
reset bees status retired
once "Ben's day"
git checkout --quiet main
on 2026-02-06 Ada
settled git merge --no-edit ben
finish
