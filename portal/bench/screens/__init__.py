"""Uploads that are screenshots or captioned, enrolled as they would be: what they find, what by mistake."""
