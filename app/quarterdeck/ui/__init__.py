"""The window: everything that knows Qt.

Its folders are layers of their own: shell, panels, charts, widgets, then theme and tasks.
"""
