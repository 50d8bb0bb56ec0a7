# A month, third part: the hook under pre-commit, which writes what is missing and stops, once.
. "$(dirname "${BASH_SOURCE[0]}")/month.bash"
export PRE_COMMIT_HOME=$PWD/../pre-commit
cat > .pre-commit-config.yaml <<YAML
repos:
  - repo: local
    hooks:
      - id: vaultsync
        name: vaultsync
        entry: "'$PYTHON' -m vaultsync hook"
        language: unsupported
        pass_filenames: false
        always_run: true
        stages: [pre-commit, pre-merge-commit]
YAML
"$PYTHON" -m pre_commit install -t pre-commit -t pre-merge-commit > ../said

# twice MESSAGE: commit all there is; the hook stops for what it wrote, and then has no more to do.
twice() {
  git add --all
  if git commit --quiet --message "$1" > ../said 2>&1; then
    echo "nothing was missing in: $1"
  else
    git add --all
    git commit --quiet --message "$1" > ../said 2>&1 || { cat ../said; return 1; }
  fi
  clean
}

on 2026-05-01 Ada
claim ants "Ants" "Ants can lift 50 times their weight."
claim bees "Bees" "Bees can count to four."
claim cats "Cats" "Cats sleep most of the day."
twice "The first three"

on 2026-05-02 Ada
claim bees "Bees" "Bees may count to four."
twice "Bees may count"

title "undone within a day"
on 2026-05-03 Ada
claim dogs "Dogs" "Dogs smell fear."
reset cats status retired
twice "Dogs, no cats"
rm Claims/dogs.md
reset cats status held
twice "No dogs, cats"

title "work that is not staged stays out"
on 2026-05-04 Ada
claim eels "Eels" "Eels swim to Bermuda."
git add --all
claim eels "Eels" "Eels swim to Panama."
claim frogs "Frogs" "Frogs drink through their skin."
git commit --quiet --message "Eels" > ../said 2>&1 || echo "stopped"
git add Index.md Changelog.md changelog.lock
git commit --quiet --message "Eels" > ../said 2>&1
git status --short
on 2026-05-05 Ada
twice "Frogs"

title "a note is renamed"
on 2026-05-06 Ada
git mv Claims/frogs.md Claims/toads.md
twice "Toads"
green

title "a phone, and what it brought after that"
on 2026-05-08 Ada
claim gnats "Gnats" "Gnats live a week."
phone
on 2026-05-09 Ada
claim gnats "Gnats" "Gnats live a day."
phone
on 2026-05-10 Ada
claim kiwis "Kiwis" "Kiwis sniff."
twice "Kiwis"

title "a branch"
git checkout --quiet -b ben
on 2026-05-11 Ben
claim hens "Hens" "Hens dream."
phone
git checkout --quiet main
on 2026-05-11 Ada
claim ibex "Ibexes" "Ibexes climb dams."
twice "Ibexes"
on 2026-05-12 Ada
git merge --no-edit ben > ../said 2>&1 || echo "stopped"
twice "Merge Ben's hens"
git checkout --quiet ben
on 2026-05-13 Ben
claim jays "Jays" "Jays plan ahead."
twice "Jays"
git checkout --quiet main
on 2026-05-14 Ada
git merge --no-edit ben > ../said 2>&1 || git diff --name-only --diff-filter=U
vaultsync index > ../said 2>&1
vaultsync changelog > ../said 2>&1
twice "Merge Ben's jays"
finish
