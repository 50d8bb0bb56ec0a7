# Names of any script, with quotes, blanks and brackets.
claim "Füße & Ämter" "Füße" "Füße gehen."
claim "日本 \"quoted\"" "日本" "It holds."
claim "[a] 'b'" "Brackets" "It holds."
commit
day 2026-01-02
git mv "Claims/Füße & Ämter.md" "Claims/Füße.md"
claim "日本 \"quoted\"" "日本" "It never holds."
rm "Claims/[a] 'b'.md"
commit
happened
