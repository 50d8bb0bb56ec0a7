"""`changelog.lock`: what the journal records already, a line for each note that readers see.

A line has the note's path, the id of a content that was recorded, a digest of the state that this
is and, where it is known, the newest day of the note in the journal, the id before that day,
digests of the lines that were generated for it, and its path before that day if it was another. `-`
is none. An id `a~b` is that of a content that cannot be read, with the last one that could.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Container, Iterable, Mapping
from urllib.parse import unquote

import msgspec

from vaultsync.blocks.journal import without_targets
from vaultsync.core.errors import VaultError

_VERSION = 1
_HEADER = re.compile(r"# vaultsync changelog\.lock, version (\d+)\b.*")
_FIRST = f"# vaultsync changelog.lock, version {_VERSION}: `vaultsync changelog` writes this file"
_ID = "(?:[0-9a-f]{40,64}(?:~[0-9a-f]{40,64})?|-)"
_LINE = re.compile(
    rf"(?P<path>\S+) (?P<id>{_ID}) (?P<state>[0-9a-f]+|-)"
    rf"(?: (?P<day>\d{{4}}-\d\d-\d\d) (?P<before>{_ID}) (?P<lines>[0-9a-f,]+|-)"
    r"(?: (?P<origin>\S+))?)?"
)
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( .*)?")
_DIGITS = 10
# Of what is printable, the only space is U+0020.
_ESCAPED = frozenset(" %")


# Lines of a journal, each as its date and digest.
DatedLines = frozenset[tuple[str, str]]


class Recorded(msgspec.Struct, frozen=True):
    """What is recorded of a note. `id` is "" where readers do not see it any more.

    `state` is the digest of its state, which other contents may share. `day` is its newest in the
    journal (YYYY-MM-DD, "" where that is not known), `before` the id before that day ("" for none),
    `origin` its path then, and `lines` are the digests of the lines generated for it on that day.
    `former` is its other path on a branch that was merged. With `clashes` two branches recorded it
    since the same state; `others` are the lines of the earlier day, each its date and digest.
    """

    path: str
    id: str
    state: str = ""
    day: str = ""
    before: str = ""
    lines: frozenset[str] = frozenset()
    origin: str = ""
    former: str = ""
    clashes: bool = False
    others: DatedLines = frozenset()

    @property
    def content(self) -> str:
        """The id of the content, readable or not."""
        return self.id.partition("~")[0]

    @property
    def dated_lines(self) -> DatedLines:
        """All lines that were generated for it, each with its date."""
        return self.others.union((self.day, line) for line in self.lines)


Lock = Mapping[str, Recorded]


def readable(identity: str) -> str:
    """Return the id of the last content that can be read."""
    return identity.rpartition("~")[2]


def lock_path(note: str) -> str:
    """Return the path of the lock beside the note that contains the journal."""
    return posixpath.join(posixpath.dirname(note), "changelog.lock")


def digest(line: str) -> str:
    """Return what identifies a line of the journal, wherever its links lead."""
    return hashlib.sha256(without_targets(line).encode()).hexdigest()[:_DIGITS]


def parse_lock(
    path: str, data: bytes, *, is_now: Callable[[str, str], bool] = lambda _path, _id: False
) -> dict[str, Recorded]:
    """Read a lock, also one that a merge left with both sides.

    Of two notes that had one name, the one counts of which the content `is_now` at that path.

    Raises `VaultError` for a line that is not one, and for a lock of a newer version.
    """
    found: dict[str, Recorded] = {}
    text = data.decode(errors="replace").replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        header, entry = _HEADER.fullmatch(line), _LINE.fullmatch(line)
        if header and int(header[1]) > _VERSION:
            raise VaultError(
                f"{path}: a newer vaultsync wrote it (version {header[1]}, this one reads "
                f"{_VERSION}): upgrade vaultsync"
            )
        if entry:
            recorded = _recorded(entry)
            known = found.get(recorded.path)
            found[recorded.path] = _one_of(known, recorded, is_now) if known else recorded
        elif line and not header and not _CONFLICT.fullmatch(line):
            raise VaultError(
                f"{path}:{number}: not a line of a changelog.lock: restore the file from git, or "
                "build it again with `vaultsync changelog --rebuild`"
            )
    return found


def _recorded(line: re.Match[str]) -> Recorded:
    path = _unescaped(line["path"])
    identity, state, before, digests = (
        "" if text in {None, "-"} else text for text in line.group("id", "state", "before", "lines")
    )
    origin = _unescaped(line["origin"] or "") or path
    lines = frozenset(filter(None, digests.split(",")))
    day = line["day"] or ""
    return Recorded(path, identity, state, day, before, lines, origin if day else "")


def _unescaped(text: str) -> str:
    return unquote(text, errors="surrogateescape") if "%" in text else text


def _one_of(one: Recorded, other: Recorded, is_now: Callable[[str, str], bool]) -> Recorded:
    """Return what counts of two lines for a path."""
    if not (one.id and other.id) or one.day != other.day or one.origin == other.origin:
        return _joined(one, other)
    now = [known for known in (one, other) if is_now(known.path, known.id)]
    if len(now) != 1:
        return _joined(one, other)
    lines = one.dated_lines | other.dated_lines
    return msgspec.structs.replace(now[0], clashes=True, others=lines)


def _joined(one: Recorded, other: Recorded) -> Recorded:
    """Return what two branches recorded of a note: the later day counts.

    Where both began with the same state, its lines are those of both.
    """
    if one.day == other.day:
        lines, clashes = one.lines | other.lines, one.clashes or one.id != other.id
        return msgspec.structs.replace(one, lines=lines, clashes=clashes)
    earlier, later = sorted((one, other), key=lambda recorded: recorded.day)
    if not earlier.day or one.before != other.before:
        return later
    return msgspec.structs.replace(later, clashes=True, others=earlier.dated_lines)


def followed(lock: Lock, present: Container[str], base: Lock) -> Lock:
    """Return a lock in which what one branch recorded of a note is of its name on the other.

    `present` are the paths of the notes now, and `base` is the lock from which both branches came.
    """
    gone = [one for one in lock.values() if one.path not in present]
    gone.sort(key=lambda one: not one.id)
    # The other branch has the old name, or gave the note a third one.
    former = {base[one.path].origin: one for one in gone if one.path in base}
    former |= {name: one for one in gone for name in (one.origin, one.path)}
    former.pop("", None)
    found = dict(lock)
    for one in lock.values():
        other = former.get(one.origin) if one.origin != one.path and one.id else None
        is_one = other and (other.id or other.before == one.before)
        if other and is_one and other.path in found and other != one:
            origin = one.origin if other.before == one.before else one.path
            moved = msgspec.structs.replace(other, path=one.path, origin=origin)
            joined = _joined(one, moved)
            found[one.path] = msgspec.structs.replace(joined, former=other.path)
            del found[other.path]
    return found


def with_names(lock: Lock, names: Mapping[str, str]) -> Lock:
    """Return a lock with other names of notes, old path to new; that they have them is not new."""
    found = dict(lock)
    for old, new in names.items():
        if one := found.pop(old, None):
            origin = new if one.origin == old and not one.before else one.origin
            found[new] = msgspec.structs.replace(one, path=new, origin=origin)
    return found


def lock_text(lock: Lock) -> str:
    """Return the lock as text; of notes that are gone only those of the newest day stay."""
    newest = max((one.day for one in lock.values()), default="")
    kept = (one for one in lock.values() if one.id or one.day == newest)
    return "\n".join([_FIRST, *sorted(map(_line, kept)), ""])


def _line(one: Recorded) -> str:
    fields = [_escaped(one.path), one.id or "-", one.state or "-"]
    if one.day:
        fields += [one.day, one.before or "-", ",".join(sorted(one.lines)) or "-"]
        fields += [_escaped(one.origin)] if one.origin != one.path else []
    return " ".join(fields)


def _escaped(path: str) -> str:
    if path.startswith(":"):
        # A line that begins with two is a command to a runner of GitHub.
        return "%3A" + _escaped(path[1:])
    plain = path.isprintable() and not _ESCAPED & {*path}
    return path if plain else "".join(map(_escaped_character, path))


def _escaped_character(character: str) -> str:
    if character.isprintable() and character not in _ESCAPED:
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))


def states(lock: Lock) -> dict[str, str]:
    """Return the digests of the states recorded last, of the notes that readers see."""
    return {path: one.state for path, one in lock.items() if one.id}


def contents(lock: Lock) -> dict[str, str]:
    """Return the ids of the contents recorded last, of the notes that readers see."""
    return {path: one.content for path, one in lock.items() if one.id}


def digests(lines: Iterable[tuple[str, str]]) -> DatedLines:
    """Return the lines of a journal, each with its date, as digests."""
    return frozenset((date, digest(line)) for date, line in lines)
