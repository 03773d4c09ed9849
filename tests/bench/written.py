"""What this process wrote, and getting a file out of memory."""

import os
from pathlib import Path


def bytes_written() -> int:
    """Bytes that this process caused to be written to the disk so far."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


def forget(path: Path) -> None:
    """Let the system drop what it keeps of a file (and its log), so that the next read comes from the disk."""
    for one in (path, path.with_name(path.name + "-wal")):
        if one.exists():
            handle = os.open(one, os.O_RDONLY)
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)
