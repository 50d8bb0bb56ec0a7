"""The YAML block at the head of a note: values with their places, and edits to it."""

from vaultsync.properties.block import ObsidianHandler, read_properties
from vaultsync.properties.edit import add_to_list, set_property

__all__ = ["ObsidianHandler", "add_to_list", "read_properties", "set_property"]
