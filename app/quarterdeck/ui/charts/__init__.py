"""The charts, and the only users of pyqtgraph.

The rest of the ui hands over arrays and receives a widget, so that the plotting library can be replaced here alone.
"""
