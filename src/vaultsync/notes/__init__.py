"""What a vault means by its documents: typed notes, sources, the link index, similarity."""
