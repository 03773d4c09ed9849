"""Quarterdeck, a console for the people answerable for integrations.

The folders below are the layers, and imports go down only: the order stands in ``pyproject.toml`` and is checked.
"""
