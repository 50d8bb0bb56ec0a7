"""Notes that are not linked and perhaps should be, with the reasons. Pure."""
