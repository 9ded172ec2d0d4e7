"""Keys, sealing and encrypted fields. Knows no case and no picture, only bytes and what they are bound to."""
