"""How many altered copies each kind of fingerprint finds."""
