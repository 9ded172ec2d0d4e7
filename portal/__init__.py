"""The project package, and the ground that every app stands on.

It imports nothing: caged children import parts of it, and must start fast and know little. The settings make
the portal's Celery application the current one.
"""
