# A change of mode is no change.
claim ants "Ants" "Ants build."
commit
day 2026-01-02
git update-index --chmod=+x Claims/ants.md
git commit --quiet --message "Make it executable"
happened
