"""Side-by-side runs of vaultsync and its peers, and the vaults they are run on."""
