"""The YAML block at the head of a note: values with their places, and edits to it."""
