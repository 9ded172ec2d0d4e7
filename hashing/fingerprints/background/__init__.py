"""What is everywhere and means nothing: app screens, captions, emoji, watermarks, pictures anyone may use.

Ships as fingerprints only, in data/background-v1.bin, made by `manage.py background make`.
"""
