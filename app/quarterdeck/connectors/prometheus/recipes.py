"""Signals that only several metrics together tell, for exporters that many run; data, so that more can be added."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.domain.series import Meaning

_REAL_FILESYSTEMS = 'fstype!~"tmpfs|ramfs|devtmpfs|rootfs|squashfs|iso9660|overlay|autofs|fuse.*"'


@dataclass(frozen=True, slots=True)
class Recipe:
    """A derived signal: its name and meaning here, the metrics it needs, the template and matchers of the query.

    `name_replaced` is a metric that this signal stands in for, so that it is not taken a second time.
    """

    name: str
    meaning: Meaning
    unit: str
    names: tuple[str, ...]
    template: str
    matchers: tuple[str, ...] = ()
    name_replaced: str = ""


RECIPES = (
    Recipe("up", Meaning.AVAILABILITY, "ratio", ("up",), "avg $by ({0})", name_replaced="up"),
    Recipe(
        "probe_success",
        Meaning.AVAILABILITY,
        "ratio",
        ("probe_success",),
        "avg $by ({0})",
        name_replaced="probe_success",
    ),
    Recipe(
        "filesystem_used_share",
        Meaning.STORAGE,
        "ratio",
        ("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
        "1 - {0} / {1}",
        (_REAL_FILESYSTEMS,),
    ),
    Recipe(
        "memory_used_share",
        Meaning.SATURATION,
        "ratio",
        ("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"),
        "1 - {0} / {1}",
    ),
    Recipe(
        "memory_used",
        Meaning.MEMORY,
        "By",
        ("node_memory_MemTotal_bytes", "node_memory_MemAvailable_bytes"),
        "{0} - {1}",
    ),
    Recipe(
        "processors_busy",
        Meaning.PROCESSING,
        "ratio",
        ("node_cpu_seconds_total",),
        "1 - avg without (cpu, mode) (rate({0}[$window]))",
        ('mode="idle"',),
    ),
    Recipe(
        "process_file_descriptors_used_share",
        Meaning.SATURATION,
        "ratio",
        ("process_open_fds", "process_max_fds"),
        "{0} / {1}",
    ),
)
