# A clone without blobs fetches those that it needs; without its origin it says what is missing.
claim ants "Ants" "Ants build."
commit
day 2026-01-02
claim ants "Ants" "Ants build 2 hills."
commit
git config uploadpack.allowFilter true
git config uploadpack.allowAnySHA1InWant true
origin=$PWD
git clone --quiet --filter=blob:none "file://$PWD" ../partial
git clone --quiet --filter=blob:none "file://$PWD" ../cut
cd ../partial
happened
cd ../cut
mv "$origin" "$origin-gone"
{ happened 2>&1 || echo "exit code $?"; } | sed -E 's/[0-9a-f]{40}/ID/g'
