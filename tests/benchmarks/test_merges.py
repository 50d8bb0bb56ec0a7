"""The replay of a repository's merges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.repository import Repository

NOTE = "---\na: 1\nb: 1\n---\n\nOne.\n\nTwo.\n"


def test_each_merge_is_compared_with_what_people_made_of_it(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "v", {"a.md": NOTE, "b.md": NOTE, "c.md": NOTE})
    repo.commit()
    repo.git("checkout", "-qb", "theirs")
    (repo.top / "a.md").write_text(NOTE.replace("a: 1", "a: 2"))
    (repo.top / "b.md").write_text(NOTE.replace("One.", "Yours."))
    (repo.top / "c.md").unlink()
    repo.commit()
    repo.git("checkout", "-q", "-")
    for name, old, new in (("a", "b: 1", "b: 2"), ("b", "One.", "Mine."), ("c", "One.", "1.")):
        (repo.top / f"{name}.md").write_text(NOTE.replace(old, new))
    repo.commit()
    repo.git("merge", "-q", "--no-commit", "-X", "ours", "-s", "ours", "theirs")
    (repo.top / "a.md").write_text(NOTE.replace("a: 1", "a: 2").replace("b: 1", "b: 2"))
    repo.commit()
    script = Path(__file__).parents[2] / "benchmarks" / "merges.py"
    done = subprocess.run(
        [sys.executable, script, repo.top], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2:] == [
        "| vaultsync | 1 | 1 | 0 |",
        "| git | 0 | 2 | 0 |",
        "merges: 1",
        "deleted or renamed by one side: 1 equal, 0 other",
    ]
