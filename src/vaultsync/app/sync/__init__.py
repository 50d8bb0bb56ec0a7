"""Share a vault through git."""
