"""Text to `Document`: everything that one file says, as facts with places."""

from vaultsync.parse.document import MAX_BYTES, kind_of, parse
from vaultsync.parse.elements import elements
from vaultsync.parse.facts import expect_bodies
from vaultsync.parse.kept import from_bytes, to_bytes
from vaultsync.parse.places import places

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
