"""Brings in what the first chart needs, away from the GUI thread: its import takes longer than a frame may."""

from __future__ import annotations

import importlib


def preload_charts() -> None:
    """Import the plotting library. Give this to the task runner once the first window is painted."""
    importlib.import_module("quarterdeck.ui.charts.plot_surface")
