"""Count sentences. Only the rule that needs it imports this module, and with it the segmenter."""

from __future__ import annotations

import re

from sentencex import segment

from vaultsync.markdown.linktext import DESTINATION

# Abbreviations that the segmenter does not know: the first come before a number or the letter of a
# part, the others before any word.
_NUMBERED = (
    r"eqs?|eqns?|figs?|secs?|refs?|tabs?|apps?|chs?|nos?|pp?|vols?|defs?|thms?|props?|algs?"
    r"|max|min|avg"
)
_ABBREVIATION = re.compile(
    rf"\b(?:({_NUMBERED})\.(?=\s+\(?(?:\d|[A-Z]\b))|(approx|resp|incl)\.(?=\s+\S))",
    re.IGNORECASE,
)
_WIKILINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_LINK = re.compile(rf"!?\[([^\]]*)\]\({DESTINATION}(?:\s+\"[^\"]*\")?\)")
# A dollar sign opens a formula only before, and closes one only after, a visible character: amounts
# of money are not formulas.
_CODE = re.compile(r"`[^`]+`|\$(?!\s)[^$]+(?<!\s)\$(?!\d)|https?://\S*[^\s.,;:!?)\]]")
_INNER_MARKS = re.compile(r"[.!?]+(?=\s)|[。！？]+(?=.)")
_GOES_ON = re.compile(r"\s*[a-z,;:.]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; a link is part of one, whatever its text."""
    plain = _LINK.sub(_words, _WIKILINK.sub(_words, text))
    plain = _ABBREVIATION.sub(r"\1\2", _CODE.sub("code", plain))
    return [part.strip() for part in segment("en", plain) if re.search(r"\w", part)]


def _words(link: re.Match[str]) -> str:
    """Return a link's text; a mark in it ends a sentence only if the sentence ends."""
    words = _INNER_MARKS.sub("", link[1])
    return words.rstrip(".!?。！？") if _GOES_ON.match(link.string, link.end()) else words
