"""Open a vault from the disk, the git index or a revision, and hand features their values."""
