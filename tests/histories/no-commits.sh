# Before the first commit all there is counts as today's.
claim ants "Ants" "Ants build."
happened
check
record
check
