"""The language server: what an editor asks of an open vault, over standard input and output."""
