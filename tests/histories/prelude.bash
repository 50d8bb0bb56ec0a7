# What every history starts with: a repository, and words to tell a history in.
# A history runs in an empty folder; what it prints is compared with the file beside it.
set -euo pipefail

# The test's process runs it: to start one for each takes most of the time.
vaultsync() {
  local IFS=$'\x1f' code
  printf '%s\n' "$PWD$IFS$SOURCE_DATE_EPOCH$IFS$*" >&"$REQUESTS"
  read -r code <&"$ANSWERS"
  cat "$RUN/out"
  cat "$RUN/err" >&2
  return "$code"
}

# Today, for git and for the tool: noon of a day, or any moment such as 2026-01-02T23:30-0800.
day() {
  local moment=$1
  [[ $moment == *T* ]] || moment=${moment}T12:00+0000
  export GIT_AUTHOR_DATE=$moment GIT_COMMITTER_DATE=$moment
  SOURCE_DATE_EPOCH=$(git rev-parse --since="$moment")
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH#--max-age=}
  export SOURCE_DATE_EPOCH
}

# claim NAME TITLE CLAIM [LINE OF PROPERTIES]...: write a claim into the vault.
claim() {
  local name=$1 title=$2 lead=$3
  shift 3
  local file=$VAULT/Claims/$name.md
  [[ -d ${file%/*} ]] || mkdir -p "${file%/*}"
  {
    printf -- '---\ntitle: %s\narea: ants\nstatus: held\n' "$title"
    for line in "$@"; do printf '%s\n' "$line"; done
    printf -- '---\n\n%s\n\nA remark that fills the note, so that git knows it again.\n' "$lead"
  } > "$file"
}

# The settings and the note that keeps the changelog, in the vault's folder.
vault() {
  VAULT=${1:-.}
  mkdir -p "$VAULT"
  cat > "$VAULT/vaultsync.toml" <<'TOML'
[types.claim]
match = ["Claims/**"]

[types.claim.states]
draft = { status = "draft" }
retired = { status = "retired" }

[types.claim.properties]
area = { enum = ["ants", "bees"] }

[types.claim.body]
lead = { required = true }
sections.Sources = { items = "source" }
TOML
  printf '<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n' > "$VAULT/Changelog.md"
}

# commit [MESSAGE]: commit all there is.
commit() { git add --all && git commit --quiet --allow-empty --message "${1:-vault backup}"; }

# What the history says happened.
happened() { vaultsync --vault "$VAULT" changelog --since 1970-01-01; }

# Record what is new and show the journal.
record() {
  vaultsync --vault "$VAULT" changelog | tail -1
  sed '/^<!--/d' "$VAULT/Changelog.md" | cat -s
}

# save [MESSAGE]: record what is new and commit it with the notes.
save() { record > /dev/null && commit "$@"; }

# Whether there is anything to record; an error is shown, too.
check() { vaultsync --vault "$VAULT" changelog --check 2>&1 || echo "exit code $?"; }

title() { printf '\n== %s\n' "$*"; }

git init --quiet
day 2026-01-01
vault
