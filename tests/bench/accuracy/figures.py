"""A figure of the table: what was measured, what it has to reach, and whether it does."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`low` and `high` bound what is asked for; `key` names the figure in the last line, where it stands there."""

    title: str
    value: float
    low: float = -math.inf
    high: float = math.inf
    key: str = ""
    note: str = ""

    @property
    def reached(self) -> bool:
        return self.low <= self.value <= self.high

    @property
    def asked(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return ""
        if math.isinf(self.high):
            return f"≥ {self.low:g}"
        return f"≤ {self.high:g}" if math.isinf(self.low) else f"{self.low:g} to {self.high:g}"


def table_of(figures: Iterable[Figure]) -> str:
    """The table as lines of text."""
    lines = [f"{'what':64} {'found':>10} {'asked for':>13}"]
    for figure in figures:
        verdict = "" if not figure.asked else "  reached" if figure.reached else "  MISSED"
        lines.append(f"{figure.title:64} {figure.value:>10.3f} {figure.asked:>13}{verdict}")
        if figure.note:
            lines.append(f"    {figure.note}")
    return "\n".join(lines)
