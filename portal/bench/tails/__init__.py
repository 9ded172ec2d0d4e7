"""How high unrelated pictures score, and how often."""
