"""The browser's fingerprints beside the server's: how near, how well they find, and what they cost."""
