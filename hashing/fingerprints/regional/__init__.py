"""Regional fingerprints: up to 120 small codes per picture, each for one region that survives copying."""
