"""The YAML block at the head of a note: values with their places, and edits to it."""

from vaultsync.properties.block import ObsidianHandler, read_properties
from vaultsync.properties.edit import add_to_list, set_property
from vaultsync.properties.vault_types import TYPES_FILE, read_types

__all__ = [
    "TYPES_FILE",
    "ObsidianHandler",
    "add_to_list",
    "read_properties",
    "read_types",
    "set_property",
]
