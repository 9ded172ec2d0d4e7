"""What the audit log costs, and how it grows. Each run has a database of its own, with real commits, and
drops it."""
