"""The YAML block at the head of a note: values with their places, and edits to it."""

from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import add_to_list, scalar, set_property
from vaultsync.markdown.frontmatter.lists import list_items, make_list
from vaultsync.markdown.frontmatter.obsidian_types import TYPES_FILE, read_types
from vaultsync.markdown.frontmatter.repair import bare_wikilinks, without_tabs
from vaultsync.markdown.frontmatter.verify import keeps_the_rest

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
