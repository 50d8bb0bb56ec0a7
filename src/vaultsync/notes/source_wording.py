"""The state of a work, read from the comment of a preprint, a title or a notice.

Authors write these texts freely. What is read is the work itself being withdrawn, retracted or
superseded; not a talk, a submission to a venue, an earlier version or another work.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultsync.notes.source_lock import State

_WORK = (
    r"(?:(?:current|present|following|recent|whole|entire|arxiv) )?"
    r"(?:(?:research |technical |conference )?(?:paper|article|manuscript|submission|preprint"
    r"|work|note|version|draft|letter|document|study|report|thesis|chapter|arxiv \w+))\b"
)
_THIS = rf"th(?:is|e) {_WORK}"
_OURS = rf"(?:(?:this|the|our|my) {_WORK}|it\b)"
_IS = (
    r"(?:is|was|as been|has been|have been|(?:had|has|have|needs?|ought) to be|should be|is being"
    r"|is hereby|has now been|is now)"
)
_HOW = r"(?:(?:now|hereby|temporarily|permanently|voluntarily|already|being) )?"
_BACK = r"(?:withdrawn|retracted)"
_TAKEN = r"(?:withdrawn|removed|retracted|taken out|taken down)"
# A work that was withdrawn from a venue, or in favour of it, is still there.
_FROM = re.compile(
    rf"\b(?:withdr[ae]wn?|removed|pulled) (?:{_OURS} )?from "
    r"(?!(?:the )?arxiv|public|consideration for publication)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:(?:an?|the|our|its?) )?(?:earlier|previous|prior|old(?:er)?|first|former|original"
    r"|another|companion|v\d+(?!:)|version \d+)\b[^.;]*\b"
    r"(?:withdrawn|retracted|superseded|removed)\b"
    r"|^\W*(?:comment|reply|response|answer|erratum|correction) (?:on|to)\b"
    r"|^\W*withdrawn as [^:]*:"
    rf"|^\W*an? (?:\w+ )?{_WORK}.* {_IS} {_HOW}(?:{_TAKEN}|superseded)\b"
    r"|\b(?:not|never|n't) (?:been |be )?(?:withdrawn|retracted|superseded)\b"
    r"|\b(?:theorem|lemma|section|figure|claim|appendix|proposition|corollary|proof|part|example"
    r"|experiment|statement|result|table|title|name|code|data|dataset|model|reference)s?\b"
    r"[^.;,]{0,40}\b(?:withdrawn|retracted|removed|superseded|replaced|subsumed)\b",
    re.IGNORECASE,
)
_SUPERSEDED = re.compile(
    rf"(?:{_THIS} )?\b(?:{_IS} )?{_HOW}"
    r"(?:superseded|superceded|subsumed|replaced|obsoleted|made obsolete)\b (?:and \w+ )?by\b"
    r"|\b(?:merged|incorporated|absorbed|included|split) (?:with|into|in|as part of) "
    r"(?:the (?:paper|article) )?(?:arxiv|https?:|math\.|hep-|cs\.|another|our)"
    r"|\bduplicate (?:of|submission of|version of) (?:arxiv|https?:|another|\w+[-.]\w*/\d)"
    r"|\bintended as a replacement (?:of|for)\b"
    rf"|\b(?:an?|the) (?:updated|newer|new|revised|later) version (?:of this {_WORK} )?"
    r"(?:is |can be )?(?:now )?(?:available |found )?(?:at|in|as|under) (?:https?://)?arxiv"
    r"|\bplease (?:see|refer to|use|read|consult|cite) (?:the )?(?:\w+ )?(?:arxiv:\S+ |version )"
    r"instead",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    rf"{_THIS}(?: \([^)]*\))?,? (?:\w+ )?{_IS} {_HOW}{_TAKEN}\b"
    r"|^\W*(?:v\d+: )?(?:paper |article |submission |preprint |manuscript |temporarily |now )?"
    rf"{_BACK}\b"
    r"(?!\s+(?:articles?|papers?|publications?|from))"
    rf"|\b{_TAKEN} by (?:the |its |all |first |corresponding |its )*"
    r"(?:\w+ )?(?:authors?|arxiv|submitter|admin\w*|editors?|publisher)"
    r"|\b(?:to|we|i|authors?|submitter|hereby|must|ha[sd]|have|are|am) "
    rf"(?:withdr[ae]w(?:n|ing)?|retract(?:ed|ing)?) {_OURS}"
    rf"|\b(?:am|are) withdrawing to\b|\bit is being {_BACK}\b|\bi request (?:the )?retraction\b"
    rf"|\b{_IS} {_HOW}{_TAKEN} (?:due to|because|since|as |for |pending|owing)"
    rf"|\bwithdrawal (?:of {_OURS}|due to|because|requested)"
    rf"|^\W*withdrew {_OURS}"
    r"|\brequest that (?:this|the|our|my) \w+ be withdrawn\b|\btherefore needs? to be withdrawn\b"
    r"|\bduplicate submission\b|\bsubmitted (?:twice|in error|by mistake)\b"
    rf"|[.;,(\[] ?(?:paper |now |it )?{_BACK}(?: (?:due to|because)[^.]*)?[.)\]]?$",
    re.IGNORECASE,
)
_RETRACTED = re.compile(r"\bretract", re.IGNORECASE)
# A publisher puts its notice before the title.
_TITLE = re.compile(
    r"(?:\W*(?P<retracted>retracted|retraction|retracted article|retraction note|removed)"
    r"|\W*(?P<withdrawn>withdrawn|withdrawal notice))\s*(?:[:\]]|-\s)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=[.;!\n])\s+")


class Status(NamedTuple):
    """A state that is not "ok", and the words that it was read from."""

    state: State
    words: str


def read_comment(text: str) -> Status | None:
    """Return the state that a comment or the first sentence of an abstract reports, if any."""
    for sentence in _PLACE.split(" ".join(text.split())):
        plain = sentence.strip()
        if _ELSE.search(plain):
            continue
        if _WITHDRAWN.search(plain) and not _FROM.search(plain):
            return Status("retracted" if _RETRACTED.search(plain) else "withdrawn", plain)
        if _SUPERSEDED.search(plain):
            return Status("superseded", plain)
    return None


def read_title(title: str) -> Status | None:
    """Return what a publisher wrote before the title of a work, if anything."""
    found = _TITLE.match(title)
    if found is None:
        return None
    return Status("retracted" if found["retracted"] else "withdrawn", title)
