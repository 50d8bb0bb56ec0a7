#!/bin/sh
# Written by `vaultsync init --hook`, which writes it again. Git starts it at the top of the
# repository. The program is named by its place: Obsidian and other graphical programs start git
# with a PATH that has no virtual environment.
python=@PYTHON@
for vault in @VAULTS@; do
  if [ ! -d "$vault" ]; then
    continue # This branch does not have the vault.
  elif [ -x "$python" ]; then
    "$python" -P -m vaultsync --vault "$vault" hook --add || exit
  elif command -v vaultsync >/dev/null; then
    vaultsync --vault "$vault" hook --add || exit
  else
    echo "$python is gone: run \`vaultsync init --hook\` again" >&2
    exit 1
  fi
done
# The hook that was here before.
before=$(dirname "$0")/@NAME@.before
if [ -x "$before" ]; then exec "$before" "$@"; fi
