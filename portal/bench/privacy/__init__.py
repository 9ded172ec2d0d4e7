"""What somebody can do with fingerprints that they shouldn't be able to."""
