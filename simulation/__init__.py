"""Several machines that share a vault, and what may go wrong: no word is lost."""
