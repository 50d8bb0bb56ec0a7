# A name that only changes its letter case is a new name.
claim ants "Ants" "Ants build."
commit
day 2026-01-02
git mv Claims/ants.md Claims/swap.md
git mv Claims/swap.md Claims/Ants.md
commit
happened
title "the same name in another normal form of Unicode is no change"
claim $'e\u0301' "Accent" "It holds."
commit
day 2026-01-03
mv Claims/$'e\u0301'.md Claims/$'\u00e9'.md
commit
happened
