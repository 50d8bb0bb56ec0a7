"""The language server: diagnostics, fixes, completion and navigation for an open vault."""
