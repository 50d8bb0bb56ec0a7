"""Check a vault and report what is found."""
