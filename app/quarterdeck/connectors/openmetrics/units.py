"""The unit of a metric from its name, and what brings its value into one of the console's units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the console, and the factor by which the page's value is multiplied to be in it."""

    name: str
    factor: float = 1.0

    @property
    def of_rate(self) -> str:
        """The unit of this much a second; seconds a second are a number."""
        return {"s": "1", "By": "By/s", "1": "1/s", "ratio": "1/s"}.get(self.name, f"{self.name}/s")


_BY_SUFFIX = (
    ("_bytes_per_second", Unit("By/s")),
    ("_per_second", Unit("1/s")),
    ("_seconds", Unit("s")),
    ("_milliseconds", Unit("s", 1e-3)),
    ("_microseconds", Unit("s", 1e-6)),
    ("_nanoseconds", Unit("s", 1e-9)),
    ("_ms", Unit("s", 1e-3)),
    ("_bytes", Unit("By")),
    ("_kilobytes", Unit("By", 1e3)),
    ("_megabytes", Unit("By", 1e6)),
    ("_ratio", Unit("ratio")),
    ("_percent", Unit("ratio", 0.01)),
    ("_percentage", Unit("ratio", 0.01)),
    ("_celsius", Unit("Cel")),
    ("_days", Unit("d")),
)
_PLAIN = Unit("1")


def unit_of(name: str, declared: str = "") -> Unit:
    """The unit of a metric by its name without `_total`, or by what the page declares."""
    bare = name.removesuffix("_total")
    whole = f"{bare}_{declared}" if declared and not bare.endswith(f"_{declared}") else bare
    return next((unit for suffix, unit in _BY_SUFFIX if whole.endswith(suffix)), _PLAIN)
