"""Patterns: what their files may say, and how entities stand to them."""
