"""Maintenance windows: when they come, what they cover, and what is recorded of them."""
