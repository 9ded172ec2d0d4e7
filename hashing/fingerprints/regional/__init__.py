"""Regional fingerprints: up to 64 small codes per picture, each for one region that survives copying."""
