"""Parse text into a `Document`: the facts of one file, with their places."""

from vaultsync.markdown.document import MAX_BYTES, kind_of, parse
from vaultsync.markdown.events import elements, markup_spans
from vaultsync.markdown.reader import fast_reader
from vaultsync.markdown.serialize import from_bytes, to_bytes

__all__ = [
    "MAX_BYTES",
    "elements",
    "fast_reader",
    "from_bytes",
    "kind_of",
    "markup_spans",
    "parse",
    "to_bytes",
]
