"""Bringing an older store up to date, in one transaction, after it was copied aside."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.storage.revisions import Revisions

_PRIVATE_FILE = 0o600


def migrate(connection: Connection, revisions: Revisions) -> None:
    """Run the steps that are missing inside the connection's transaction; the caller commits."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _escaped(revisions.script_location))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(_escaped(path) for path in revisions.step_locations))
    config.attributes["connection"] = connection
    command.upgrade(config, revisions.newest)


def copy_aside(source: sqlite3.Connection, path: Path, revision: str) -> Path:
    """Copy a store, as a connection reads it, to `<name>.before-<revision>.db` beside it, for its owner only.

    Raises StoreUnavailable when it cannot be copied; a copy of the same revision is replaced once the new one is whole.
    """
    target = path.with_name(f"{path.stem}.before-{revision}.db")
    draft = path.with_name(f".{target.name}.{uuid4().hex}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE_FILE))
        with closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        handle = os.open(draft, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        draft.replace(target)
    except (OSError, sqlite3.Error) as fault:
        raise StoreUnavailable(
            f"The store {path} is of an older version and could not be copied aside: {fault}. It was not changed.",
            "Free some space beside it and start again.",
        ) from fault
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                draft.with_name(draft.name + ending).unlink()
    return target


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
