"""The world: files, git, processes, the network, and what is cached of them."""
