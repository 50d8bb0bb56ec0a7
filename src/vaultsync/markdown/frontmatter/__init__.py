"""The YAML block at the head of a note: values with their places, and edits to it."""

from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import (
    add_to_list,
    preserves_other_properties,
    set_property,
    write_scalar,
)
from vaultsync.markdown.frontmatter.repair import (
    list_items,
    make_list,
    tabs_to_spaces,
    unquoted_wikilinks,
)
from vaultsync.markdown.frontmatter.values import TYPES_FILE, read_types, types_file

__all__ = [
    "TYPES_FILE",
    "add_to_list",
    "find_block",
    "list_items",
    "make_list",
    "preserves_other_properties",
    "read_properties",
    "read_types",
    "set_property",
    "tabs_to_spaces",
    "types_file",
    "unquoted_wikilinks",
    "write_scalar",
]
