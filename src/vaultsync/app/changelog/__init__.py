"""Record what is new, from git's history."""
