"""The project package, and the ground that every app stands on."""
