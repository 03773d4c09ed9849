"""Texts of the kernel, read: pure functions, each None or empty for what does not look as documented."""

from __future__ import annotations

import re

from quarterdeck.connectors.this_machine.readings import ContainerLimits, FileHandles, MountUse, Pressure

_AVERAGE = re.compile(r"^(some|full) .*?avg10=([0-9.]+)", re.MULTILINE)
_PRACTICALLY_NO_LIMIT = 10**12
_FILE_NR_FIELDS = 3
_STAT_FIELDS = 6
STAT_FORMAT = "%S %b %f %a %c %d"
"""For `stat -f -c`: block size, blocks, free, free to users, inodes, free inodes."""


def pressure_of(text: str) -> Pressure | None:
    """A file of /proc/pressure (Linux documentation, accounting/psi): shares of the last ten seconds."""
    averages = {which: float(percent) / 100 for which, percent in _AVERAGE.findall(text)}
    return Pressure(averages["some"], averages.get("full")) if "some" in averages else None


def file_handles_of(text: str) -> FileHandles | None:
    """/proc/sys/fs/file-nr: allocated, unused, maximum."""
    numbers = _whole_numbers(text)
    if len(numbers) != _FILE_NR_FIELDS:
        return None
    used, unused, limit = numbers
    return FileHandles(used - unused, limit if limit < _PRACTICALLY_NO_LIMIT else None)


def container_limits_of(memory_max: str, memory_current: str, cpu_max: str, cpu_stat: str) -> ContainerLimits | None:
    """The four files of a version 2 control group; None when it sets no limit. Inactive file pages count as used."""
    memory_limit = _only_number(memory_max)
    quota = re.fullmatch(r"(\d+) (\d+)\s*", cpu_max)
    processors = int(quota[1]) / int(quota[2]) if quota and int(quota[2]) else None
    if memory_limit is None and processors is None:
        return None
    usage = re.search(r"^usage_usec (\d+)$", cpu_stat, re.MULTILINE)
    return ContainerLimits(
        memory_limit=memory_limit,
        memory_used=_only_number(memory_current),
        processors_limit=processors,
        processor_seconds=int(usage[1]) / 1e6 if usage else None,
    )


def mount_use_of(text: str) -> MountUse | None:
    """The output of `stat -f` in STAT_FORMAT; None for a file system without a size."""
    numbers = _whole_numbers(text)
    if len(numbers) != _STAT_FIELDS:
        return None
    size, blocks, free, free_to_users, inodes, free_inodes = numbers
    return use_of_blocks(size, (blocks, free, free_to_users), (inodes, free_inodes))


def use_of_blocks(size: int, blocks: tuple[int, int, int], inodes: tuple[int, int]) -> MountUse | None:
    """A file system's use from its block size, blocks (all, free, free to users) and inodes (all, free)."""
    total, free, free_to_users = blocks
    if size <= 0 or total <= 0:
        return None
    has_inodes = inodes[0] > 0
    return MountUse(
        total=total * size,
        used=(total - free) * size,
        free=free_to_users * size,
        inodes_total=inodes[0] if has_inodes else None,
        inodes_free=inodes[1] if has_inodes else None,
    )


def _whole_numbers(text: str) -> tuple[int, ...]:
    words = text.split()
    return tuple(int(word) for word in words) if all(word.isdecimal() for word in words) else ()


def _only_number(text: str) -> int | None:
    numbers = _whole_numbers(text)
    return numbers[0] if len(numbers) == 1 else None
