"""What biber, which LaTeX has for bibliographies, makes of one of ours."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pybtex.database import Entry, parse_string
from tests.conftest import needs

_UNDATED = "one of 'date, year' must be defined"


def read_back(bib: bytes, folder: Path) -> tuple[dict[str, Entry], set[str]]:
    """Return the entries that biber writes, by key, and the keys of those without a year.

    It finds nothing else that its data model lacks.
    """
    (folder / "references.bib").write_bytes(bib)
    command = [needs("biber"), "--tool", "--validate-datamodel", "references.bib"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    problems = re.findall(r"^(?:WARN|ERROR) - (.*)", done.stdout, re.MULTILINE)
    assert [line for line in problems if _UNDATED not in line] == []
    text = (folder / "references_bibertool.bib").read_text()
    found = dict(parse_string(text, "bibtex").entries.items())
    return found, {re.split("'", line)[1] for line in problems}
