# What the parts of a month in the life of a vault share: its settings and notes, who works on
# it, and that every commit goes through the hook at the first try.
cat > vaultsync.toml <<'TOML'
[types.claim]
match = ["Claims/**"]
required = ["title", "status"]

[types.claim.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.claim.properties]
area = { enum = ["ants", "bees"] }

[types.claim.body]
lead = { required = true }
sections.Sources = { items = "source" }
sections.Related = { items = "relation" }
TOML
printf '# Index\n\n<!-- vaultsync:notes type="claim" style="index" -->\n\n<!-- /vaultsync -->\n' > Index.md
printf 'changelog.lock merge=union\n' > .gitattributes

author() { export GIT_AUTHOR_NAME=$1 GIT_COMMITTER_NAME=$1; }

# on DAY NAME: it is this day, and this person works.
on() {
  day "$1"
  author "$2"
}

# Whether all that a commit needs is in it.
clean() {
  local left
  left=$(git status --porcelain)
  [[ -z $left ]] || { printf 'not in the commit:\n%s\n' "$left"; return 1; }
}

# once MESSAGE [OPTION]...: commit all there is, through the hook, at the first try.
once() {
  local message=$1
  shift
  git add --all
  git commit --quiet --message "$message" "$@" > ../said 2>&1 || { cat ../said; return 1; }
  clean
}

# phone [MESSAGE]: commit all there is past the hook, as a phone does.
phone() {
  git add --all
  git commit --quiet --no-verify --allow-empty --message "${1:-phone backup}"
}

# section NAME HEADING LINE...: add a section to a claim.
section() {
  local name=$1 heading=$2
  shift 2
  printf '\n## %s\n\n' "$heading" >> "Claims/$name.md"
  printf -- '- %s\n' "$@" >> "Claims/$name.md"
}

# reset NAME PROPERTY VALUE: give a property of a claim another value.
reset() { sed -i.old "s/^$2: .*/$2: $3/" "Claims/$1.md" && rm "Claims/$1.md.old"; }

# mend: make the generated notes again after a merge, and commit it.
mend() {
  vaultsync index > ../said 2>&1 || { cat ../said; return 1; }
  vaultsync changelog > ../said 2>&1 || { cat ../said; return 1; }
  once "$@"
}

# green: nothing is new.
green() { [[ $(vaultsync changelog --check 2>&1) == "up to date" ]] || { echo "not up to date:"; check; }; }

# settled COMMAND...: merge; where generated notes conflict, make these again; then complete it.
settled() {
  if ! "$@" > ../said 2>&1; then
    conflicts
    vaultsync index > ../said 2>&1
    vaultsync changelog > ../said 2>&1
    git add --all
    git commit --quiet --no-edit > ../said 2>&1 || { cat ../said; return 1; }
  fi
  clean
  green
}

# Which files conflict; none do where the merge stopped for the hook to stage what it wrote.
conflicts() {
  local names
  names=$(git diff --name-only --diff-filter=U | paste -sd ' ')
  echo "${names:-nothing} in conflict"
}

journal() { sed '/^<!--/d' Changelog.md | cat -s; }

# The end of a part: nothing is new, the journal, and how the whole history reads.
finish() {
  clean
  check
  journal
  title "the journal made from the history"
  vaultsync changelog --rebuild --diff | sed -n '/^--- a.Changelog/,/^--- a.changelog.lock/p' | grep '^[-+]' || true
}
