"""`vaultsync doctor`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.vaults import committed, git, make, run


def test_a_vault_on_one_machine_needs_no_remote(tmp_path: Path) -> None:
    code, out, err = run(committed(tmp_path, {"a.md": ""}), "doctor")
    assert (code, err) == (0, "")
    assert "ok      repository: the top of the repository is " in out
    assert (
        "missing remote: the repository has no remote\n"
        "        to publish or to share it: `git remote add origin ADDRESS`\n"
        "unknown authentication: not checked: remote is missing\n"
    ) in out
    assert out.endswith("\n18 checks: no problems\n")


def test_what_is_missing_is_shown_with_the_line_to_run(tmp_path: Path) -> None:
    code, out, err = run(make(tmp_path / "v", {"a.md": ""}), "doctor")
    assert (code, err) == (1, "")
    assert f"is in no repository of git\n        `git -C {tmp_path}/v init`\n" in out
    assert out.endswith("\n18 checks: 1 problem\n")


def test_to_agree_needs_something_to_mend(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, "doctor", "--yes")
    assert (code, out) == (2, "")
    assert "--yes needs --fix" in err


def test_a_program_gets_json(tmp_path: Path) -> None:
    root = committed(make(tmp_path / "v", {"a.md": ""}))
    git(tmp_path, "init", "-q", "--bare", "r.git")
    git(root, "remote", "add", "origin", str(tmp_path / "r.git"))
    code, out, err = run(root, "doctor", "--output-format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["version"] == 1
    assert [one["name"] for one in found["checks"]][:7] == [
        *("program", "git", "repository", "identity", "remote", "authentication", "sandbox")
    ]
    assert set(found["checks"][0]) == {"name", "state", "message", "remedy", "fix"}
    assert run(root, "doctor").out.endswith("\n18 checks: no problems\n")
