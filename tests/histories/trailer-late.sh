# A commit that wrote its entry wants nothing said: the line stays until somebody takes it out.
claim ants "Ants" "Ants build."
save
day 2026-01-02
claim ants "Ants" "Ants bild."
save "A slip

Changelog: none"
check
title "made anew"
vaultsync changelog --rebuild --diff 2> /dev/null | grep "^[-+]" || true
title "taken out by hand"
sed -i '/bild/d; /2026-01-02/d' Changelog.md
commit
check
