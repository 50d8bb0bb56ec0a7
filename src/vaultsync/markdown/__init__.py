"""Parse text into a `Document`: the facts of one file, with their places."""

from vaultsync.markdown.document import MAX_BYTES, from_bytes, kind_of, parse, to_bytes
from vaultsync.markdown.events import elements, markup_spans

__all__ = ["MAX_BYTES", "elements", "from_bytes", "kind_of", "markup_spans", "parse", "to_bytes"]
