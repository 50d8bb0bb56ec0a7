"""Text to `Document`: everything that one file says, as facts with places."""

from vaultsync.parse.document import kind_of, parse
from vaultsync.parse.elements import elements
from vaultsync.parse.places import places

__all__ = ["elements", "kind_of", "parse", "places"]
