"""Text to `Document`: everything that one file says, as facts with places."""

from vaultsync.markdown.document import MAX_BYTES, kind_of, parse
from vaultsync.markdown.elements import elements
from vaultsync.markdown.locate import places
from vaultsync.markdown.reader import expect_bodies
from vaultsync.markdown.serialize import from_bytes, to_bytes

__all__ = [
    "MAX_BYTES",
    "elements",
    "expect_bodies",
    "from_bytes",
    "kind_of",
    "parse",
    "places",
    "to_bytes",
]
