"""Count sentences. Only the rule that needs it imports this module, and with it the segmenter."""

from __future__ import annotations

import re

from sentencex import segment

# The segmenter knows the commonest abbreviations; these are frequent before a number or a name.
_ABBREVIATION = re.compile(
    r"\b(et al|e\.g|i\.e|cf|vs|approx|ca|resp|etc|viz"
    r"|Eqs?|Figs?|Secs?|Refs?|Tabs?|App|Ch|Nos?|pp?)\.(?=\s+\S)",
    re.IGNORECASE,
)
_WIKILINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_CODE = re.compile(r"`[^`]+`|\$[^$]+\$|https?://\S+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph, link texts standing for links."""
    plain = _CODE.sub("x", _LINK.sub(r"\1", _WIKILINK.sub(r"\1", text)))
    plain = _ABBREVIATION.sub(r"\1", plain)
    return [part.strip() for part in segment("en", plain) if re.search(r"\w", part)]
