"""Workflow commands, read back as the documented grammar says."""

from __future__ import annotations

import re

from hypothesis import given
from tests.lint.findings import NOTES, PATHS, shown

from vaultsync.lint.formats.json_and_github import github

# https://docs.github.com/actions/reference/workflow-commands-for-github-actions: a command is
# `::name key=value,key=value::message`; in a value `%`, CR, LF, `:` and `,` are escaped, in the
# message the first three.
_VALUE = "(?:[^%:,\r\n]|%25|%0D|%0A|%3A|%2C)*"
_COMMAND = re.compile(
    rf"::(?P<kind>error|warning|notice) (?P<keys>[a-zA-Z]+={_VALUE}(?:,[a-zA-Z]+={_VALUE})*)"
    r"::(?P<message>(?:[^%\r\n]|%25|%0D|%0A)*)"
)
_KINDS = {"error": "error", "warning": "warning", "hint": "notice"}
_ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def understood(line: str) -> tuple[str, dict[str, str], str]:
    """Return the kind, the properties and the message of a command, as the runner reads it."""
    found = _COMMAND.fullmatch(line)
    assert found, line
    keys = dict(pair.split("=", 1) for pair in found["keys"].split(","))
    return found["kind"], {k: plainly(v) for k, v in keys.items()}, plainly(found["message"])


def plainly(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: _ESCAPES[found.group()], text)


@given(path=PATHS, text=NOTES)
def test_the_runner_understands_what_was_meant(path: str, text: str) -> None:
    found = shown(text, path)
    lines = github(found).split("\n")
    assert lines.pop() == ""
    for line, item in zip(lines, found, strict=True):
        diagnostic = item.diagnostic
        assert understood(line) == (
            _KINDS[diagnostic.severity],
            {
                "file": diagnostic.path,
                "line": str(item.diagnostic.start[0]),
                "col": str(item.diagnostic.start[1]),
                "title": f"{diagnostic.code} {diagnostic.name}",
            },
            item.message,
        )


def test_what_would_end_a_part_is_escaped() -> None:
    found = shown("[[50%]]\n", "a,b:c%\nd.md")
    assert github(found) == (
        "::error file=vault/a%2Cb%3Ac%25%0Ad.md,line=1,col=1,title=LNK017 unwritten-note"
        "::there is no `50%25` in the vault\n"
    )
    assert understood(github(found).rstrip("\n"))[1]["file"] == "vault/a,b:c%\nd.md"
