"""The sentences of the journal: written for each kind of change, and read back."""

from __future__ import annotations

import functools
import re

import msgspec

WIKILINK = r"\[\[(?:(?!\[\[|\]\]).)+\]\]"
# One table writes the lines and reads them back: of each kind the verb, what the line is about,
# and the rest. `{name}` is a part, whose pattern is in `_PARTS`.
_FORMS = {
    "added": ("Added", "{note}", ""),
    "many added": ("Added", "{counts}", ""),
    "retired": ("Retired", "{note}", ""),
    "answered": ("Answered", "{note}", ""),
    "removed": ("Removed", "“{title}”", ""),
    "many removed": ("Removed", "{counts}", ""),
    "withheld": ("Withheld", "{number}", ""),
    "unreadable": ("Cannot be read:", "{note}", ""),
    "readable": ("Readable again:", "{note}", ""),
    "merged": ("Merged", "“{title}” into {note}", ""),
    "linked": ("Linked", "{note} with {other}", "{tension}"),
    "unlinked": ("Unlinked", "{note} from {other}", "{tension}"),
    "related": ("Reworded", "{note} on {other}", "{wording}{meaning}"),
    "renamed": ("Renamed", "{note}", ", before: {before}"),
    "filed": ("Moved", "{note}", " from {folders}"),
    "reworded": ("Reworded", "{note}", "{wording}{meaning}"),
    "title": ("Reworded the title of", "{note}", "{wording}{meaning}"),
    "caveat": ("Reworded the caveat of", "{note}", "{wording}{meaning}"),
    "caveat added": ("Added a caveat to", "{note}", ""),
    "caveat dropped": ("Dropped the caveat of", "{note}", ""),
    "moved": ("Moved", "{note}", ", {property}: {step}"),
    "changed": ("Changed", "{note}", ": {steps}"),
    "checked": ("Checked", "{note}", ": {day}"),
    "cited": ("Cited in", "{note}", ": {source}"),
    "uncited": ("No longer cited in", "{note}", ": {source}"),
    "recast": ("Role changed in", "{note}", ": {source}, {step}"),
    "asked": ("Asked in", "{note}", ": “{question}”"),
    "answered in": ("Answered in", "{note}", ": “{question}”"),
    "dropped": ("Dropped from", "{note}", ": “{question}”"),
    **{
        f"source {state}": (f"{state.capitalize()} source of", "{note}", ": {source}")
        for state in ("changed", "superseded", "withdrawn", "retracted", "dead")
    },
    "refiled": ("Moved", "{count} notes from {folders}", ""),
}
_PARTS = {
    "note": WIKILINK,
    "other": WIKILINK,
    "property": "[^:]+",
    "source": r"\[.*\]\(.+\)",
    "step": ".+ → .+",
    "wording": "(?:: “.*” → “.*”)?",
    "meaning": r"(?: \(an? .+ (?:changed|added|dropped)\))?",
    "tension": r"(?: \(tension\))?",
    "count": r"\d+",
    "counts": r"\d+ [^:\[\]“”]+(?:: \d+ .+)?",
    "folders": "`.*/` to `.*/`",
    "number": r"\d+ notes?",
}
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


class Sentence(msgspec.Struct, frozen=True):
    """A generated line: its kind, its verb, what it is about, and the links in that.

    `property` is the one that changed, "" where the line is not about one.
    """

    kind: str
    verb: str
    what: str
    links: tuple[str, ...]
    property: str = ""


def write_sentence(kind: str, **parts: object) -> str:
    """Return the line of a kind of change with these parts."""
    return "{} {}{}".format(*_FORMS[kind]).format(**parts)


@functools.lru_cache(maxsize=4096)
def read_sentence(line: str) -> Sentence | None:
    """Read a line of the journal; None where its author wrote it."""
    for kind, pattern in _patterns().items():
        found = pattern.fullmatch(line)
        if found:
            verb, what = found["verb"], found["what"]
            links = tuple(re.findall(WIKILINK, what))
            return Sentence(kind, verb, what, links, found.groupdict().get("property", ""))
    return None


def _regex(template: str) -> str:
    """Return the pattern of a template, in which each part is a group."""
    return _PLACEHOLDER.sub(
        lambda found: f"(?P<{found[1]}>{_PARTS.get(found[1], '.+')})", re.escape(template)
    )


# Most runs read no journal.
@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        kind: re.compile(f"(?P<verb>{verb}) (?P<what>{_regex(what)}){_regex(rest)}")
        for kind, (verb, what, rest) in _FORMS.items()
    }
