# A whole folder that moves is one line; notes keep their names, so no link is broken.
for number in 1 2 3 4 5 6; do claim "Old/ants-$number" "Ants $number" "Ants build $number hills."; done
claim bees "Bees" "Bees dance."
save
day 2026-01-02
git mv Claims/Old Claims/New
claim bees "Bees" "Bees dance well."
check
record
commit
check
title "from the history"
happened
