"""The frame around the panels: window, navigation, palette, inspector and time lens.

The one place that knows which panels exist.
"""
