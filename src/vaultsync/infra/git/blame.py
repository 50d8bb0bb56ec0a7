"""When the lines of a file last changed: `git blame`."""

from __future__ import annotations

import datetime
import re

from vaultsync.infra import git

# Sources: git-blame(1), "The porcelain format". A line that is not committed has an id of zeros.
_LINE = re.compile(
    rb"^(?P<id>[0-9a-f]{40,64}) \d+ \d+.*\n(?:.+\n)*?author-time (?P<seconds>\d+)\n"
    rb"author-tz (?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d)\n(?:[a-z].*\n)+\t",
    re.MULTILINE,
)
_OPTIONS = ("--line-porcelain", "-w", "--no-textconv", "--contents", "-")


def line_moments(repo: git.Repository, path: str, text: str) -> list[str]:
    """Return when each line of a note's text last changed, as ISO 8601 with offset.

    It is "" for a line that is not committed. Spaces do not count. Raises `GitError` where HEAD has
    no such note.
    """
    plain = git.without_filters(repo)
    data = git.run(plain, "blame", *_OPTIONS, "--", repo.prefix + path, input=text.encode())
    return [_moment(found) for found in _LINE.finditer(data)]


def _moment(line: re.Match[bytes]) -> str:
    if not line["id"].strip(b"0"):
        return ""
    offset = datetime.timedelta(hours=int(line["hours"]), minutes=int(line["minutes"]))
    zone = datetime.timezone(-offset if line["sign"] == b"-" else offset)
    return datetime.datetime.fromtimestamp(int(line["seconds"]), zone).isoformat()
