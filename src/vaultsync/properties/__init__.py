"""The YAML block at the head of a note: values with their places, and edits to it."""

from vaultsync.properties.block import find_block, read_properties
from vaultsync.properties.edit import add_to_list, scalar, set_property
from vaultsync.properties.kept import keeps_the_rest
from vaultsync.properties.lists import list_items, make_list
from vaultsync.properties.repair import bare_wikilinks, without_tabs
from vaultsync.properties.vault_types import TYPES_FILE, read_types

__all__ = [
    "TYPES_FILE",
    "add_to_list",
    "bare_wikilinks",
    "find_block",
    "keeps_the_rest",
    "list_items",
    "make_list",
    "read_properties",
    "read_types",
    "scalar",
    "set_property",
    "without_tabs",
]
