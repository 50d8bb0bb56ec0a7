# The first commit holds the vault as it was; its notes are counted, not listed.
claim ants "Ants" "Ants build."
claim bees "Bees" "Bees dance."
claim wasps "Wasps" "Wasps sting." "status: draft" > /dev/null
commit
day 2026-01-02
claim cats "Cats" "Cats sleep."
commit
happened
