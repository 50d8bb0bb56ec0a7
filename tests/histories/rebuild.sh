# The whole journal made anew; what stood before the first day stays, hand edits do not.
claim ants "Ants" "Ants build."
save
day 2026-01-02
claim bees "Bees" "Bees dance."
git mv Claims/ants.md Claims/emmets.md
commit
day 2026-01-03
rm Claims/bees.md
commit
printf '<!-- vaultsync:changelog -->\n\nRead it from below.\n\n### 2026-01-02\n\n- By hand\n\n<!-- /vaultsync -->\n' > Changelog.md
commit
day 2026-01-04
claim cats "Cats" "Cats sleep."
vaultsync changelog --rebuild --check || echo "exit code $?"
vaultsync changelog --rebuild
cat Changelog.md
title "before and after it is committed there is nothing to say"
check
commit
check
