"""Publishing side by side with tools that turn Markdown into HTML.

    python -m benchmarks.publishing [--rounds 5] [--notes 1000]

Measures `vaultsync` as it is on PATH, all targets of the settings, on this project's vault and on
a synthetic encyclopedia. Beside it, pandoc and markdown-it-py turn what `vaultsync` composed of the
same notes into one HTML file, and Hugo makes a bare site of them. A preview of these notes is timed
from a save until the new page is read. Prints a table and puts the runs into
benchmarks/results.json and docs/performance.md. Needs the Debian packages hyperfine, pandoc and
hugo. Exit: 0 measured, whatever came of it; 2 cannot run.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import page, results, synthetic_frames
from benchmarks.cases import NOTHING_KEPT, OWN, OWN_VAULT, PREVIEW, PUBLISH, SYNTHETIC_POST
from benchmarks.measure import Case, measure
from benchmarks.previewing import previewed
from benchmarks.results import Run
from benchmarks.tools import CHECKOUT, OURS, our_cache, our_python

NOTES = 1_000
_NEEDED = ("hyperfine", "pandoc", "hugo")
_COMMAND = "vaultsync --vault vault publish --out published"
_MARKDOWN_IT = """import sys
from pathlib import Path
from markdown_it import MarkdownIt
text = Path(sys.argv[1]).read_text(encoding="utf-8")
Path(sys.argv[2]).write_text(MarkdownIt("gfm-like", {"linkify": False}).render(text))
"""
_HUGO = {
    "config.toml": 'baseURL = "https://example.org/"\ntitle = "Notes"\ndisableAliases = true\n',
    "layouts/_default/single.html": "<h1>{{ .Title }}</h1>{{ .Content }}",
    "layouts/_default/list.html": (
        '{{ range .Pages }}<p><a href="{{ .Permalink }}">{{ .Title }}</a></p>{{ end }}'
    ),
}
# For each of the others: how its version is asked for, and what it does here.
_OTHERS = {
    "pandoc": (("pandoc", "--version"), "turns one Markdown file into one HTML file"),
    "markdown-it-py": (
        ("python", "-c", "import markdown_it; print(markdown_it.__version__)"),
        "the same, as a process of its own",
    ),
    "hugo": (
        ("hugo", "version"),
        "makes a page of each note and a list of them; links between notes stay text",
    ),
}


def missing() -> list[str]:
    """Return, one line each, what has to be installed by hand first."""
    return [
        f"{name} is missing: install the Debian package `{name}`"
        for name in _NEEDED
        if not shutil.which(name)
    ]


def publishing_runs(folder: Path, rounds: int, notes: int = NOTES) -> list[Run]:
    """Measure all of it on vaults below a folder."""
    runs = measure(list(publishing_cases(folder, notes)), rounds)
    return [*runs, previewed(folder / "previewed", notes, rounds)]


def publishing_cases(folder: Path, notes: int = NOTES) -> Iterator[Case]:
    """Write the vaults below a folder and yield the cases on them."""
    own = folder / "own"
    shutil.copytree(CHECKOUT / "vault", own / "vault")
    count = sum(1 for _ in (own / "vault").rglob("*.md"))
    yield Case(OWN, OURS, OWN_VAULT, count, _COMMAND, own, "rm -rf published", warm=True)
    post = folder / "frames"
    synthetic_frames.write(post / "vault", notes)
    whole = f"rm -rf published {shlex.quote(our_cache(post / 'vault'))}"
    ours = ((NOTHING_KEPT, whole), (OURS, "rm -rf published"))
    for name, prepare in ours:
        yield Case(PUBLISH, name, SYNTHETIC_POST, notes, _COMMAND, post, prepare, warm=name == OURS)
    for name, command in _others(post, notes).items():
        yield Case(PUBLISH, name, SYNTHETIC_POST, notes, command, post, "rm -rf made", warm=True)


def _others(folder: Path, notes: int) -> dict[str, str]:
    """Lay ready what the others read, and return their commands."""
    synthetic_frames.write(folder / "whole", notes, style="sections")
    command = "vaultsync --vault whole publish --target markdown --out composed"
    subprocess.run(shlex.split(command), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (folder / "render.py").write_text(_MARKDOWN_IT, encoding="utf-8")
    for path, text in _HUGO.items():
        file = folder / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for name in ("Frames", "Questions"):
        shutil.copytree(folder / "vault" / name, folder / "site" / "content" / name.lower())
    python = shlex.quote(str(our_python()))
    return {
        "pandoc": "pandoc --standalone --metadata title=Post composed/post.md -o pandoc.html",
        "markdown-it-py": f"{python} render.py composed/post.md rendered.html",
        "hugo": "hugo --quiet --source site --destination ../made",
    }


def about() -> dict[str, dict[str, str]]:
    """Return the version of each of the others, and what it does here."""
    return {
        name: {"version": _version(asking), "command": asking[0], "checks": does}
        for name, (asking, does) in _OTHERS.items()
    }


def _version(asking: Sequence[str]) -> str:
    command = [str(our_python()) if word == "python" else word for word in asking]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return str(re.findall(r"\d+(?:\.\d+)+", said)[0])


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--notes", type=int, default=NOTES)
    given = parser.parse_args()
    if lacking := missing():
        sys.stderr.write("".join(f"{line}\n" for line in lacking))
        return 2
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        os.environ["VAULTSYNC_CACHE_DIR"] = f"{scratch}/cache"
        runs = publishing_runs(Path(scratch), given.rounds, given.notes)
    before = results.load(results.FILE.read_text(encoding="utf-8"))
    others = [run for run in before.runs if run.case not in {OWN, PUBLISH, PREVIEW}]
    found = dataclasses.replace(before, runs=[*others, *runs], tools={**before.tools, **about()})
    results.FILE.write_text(results.dump(found), encoding="utf-8")
    page.write(found)
    print("\n".join(page.aligned(page.publishing(found))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
