"""What `vaultsync lint` does with its options."""
