"""Generated blocks in a note: their markers, their kinds, and how they are filled."""
