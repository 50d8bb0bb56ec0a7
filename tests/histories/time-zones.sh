# Half an hour before midnight in California it is the next day in Berlin.
claim ants "Ants" "Ants build."
commit
day 2026-01-02T23:30-0800
claim bees "Bees" "Bees dance."
commit
title "each author's own day"
happened
title "in Berlin"
printf '\n[changelog]\ntimezone = "Europe/Berlin"\n' >> vaultsync.toml
happened
title "an author whose clock is a year ahead"
export GIT_AUTHOR_DATE=2027-01-01T12:00+0000
claim cats "Cats" "Cats sleep."
commit
happened
