"""Which file systems are watched, and how their use is asked without being held by one that does not answer.

Only kinds that lie on a disk of this machine are asked directly. Others, and only when a person names them, are asked
by a child process that can be abandoned: asking a dead network share blocks whoever asks, for good.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quarterdeck.connectors.this_machine.parse import STAT_FORMAT, mount_use_of
from quarterdeck.connectors.this_machine.readings import Mount, MountUse
from quarterdeck.sdk.texts import one_line

LOCAL_FILESYSTEMS = frozenset(
    {"apfs", "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "msdos", "nilfs2", "ntfs"}
    | {"ntfs3", "overlay", "reiserfs", "udf", "ufs", "vfat", "xfs", "zfs"}
)
MOST_MOUNTS = 64
_MAX_POINT = 200
_REAPING_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Watched:
    """The mounts to ask: local ones directly, others apart; and the named ones that are not mounted at all."""

    direct: tuple[Mount, ...]
    apart: tuple[Mount, ...]
    absent: tuple[str, ...]


def watched(mounts: Sequence[Mount], named: Sequence[str]) -> Watched:
    """Choose among what is mounted: each local device once, at its shortest path, and whatever is named besides."""
    by_point = {mount.point: mount for mount in mounts}
    asked_for = [by_point[point] for point in named if point in by_point]
    local = _once_each(mount for mount in mounts if _is_local(mount))
    direct = dict.fromkeys([*(mount for mount in asked_for if _is_local(mount)), *local])
    apart = dict.fromkeys(mount for mount in asked_for if not _is_local(mount))
    absent = tuple(point for point in named if point not in by_point)
    return Watched(tuple(direct)[:MOST_MOUNTS], tuple(apart)[:MOST_MOUNTS], absent)


def _is_local(mount: Mount) -> bool:
    if mount.filesystem == "overlay":
        return mount.point == "/"  # a container's root; on its host the same disk would be counted again
    return mount.filesystem in LOCAL_FILESYSTEMS


def _once_each(mounts: Iterable[Mount]) -> list[Mount]:
    shortest: dict[str, Mount] = {}
    for mount in mounts:
        known = shortest.get(mount.device)
        if known is None or len(mount.point) < len(known.point):
            shortest[mount.device] = mount
    return sorted(shortest.values(), key=lambda mount: mount.point)


def named_points(text: str) -> tuple[str, ...]:
    """The paths of a setting, one a line, without doubles."""
    points = (line.strip().rstrip("/") or "/" for line in text.splitlines() if line.strip())
    return tuple(dict.fromkeys(points))


def shown_point(point: str) -> str:
    """A mount's path as it may stand in a label or a sentence."""
    return one_line(point, _MAX_POINT)


async def use_asked_apart(point: str, seconds: float) -> MountUse | None:
    """The use of a file system, asked by a child process; None when it does not answer in time or not usably."""
    try:
        process = await asyncio.create_subprocess_exec(
            "stat",
            "-f",
            "-c",
            STAT_FORMAT,
            "--",
            point,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return None
    try:
        output, _ = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        return None
    finally:
        await _abandon(process)
    return mount_use_of(output.decode("ascii", "replace"))


async def _abandon(process: asyncio.subprocess.Process) -> None:
    """End the child if it still runs; one that the kernel will not let go of is left to it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _REAPING_SECONDS)
