"""Which revisions there are and which one a store has; Alembic itself is imported only when a migration is due."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from quarterdeck.domain.errors import StoreDamaged, StoreTooNew
from quarterdeck.storage.table_columns import metadata
from quarterdeck.storage.tables import revision

_SHIPPED_AT = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions a program knows, oldest first, and the folders their steps lie in."""

    known: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
    script_location: Path = _SHIPPED_AT
    step_locations: tuple[Path, ...] = (_SHIPPED_AT / "versions",)

    @property
    def newest(self) -> str:
        """The revision this program works with."""
        return self.known[-1]

    def is_current(self, stored: str | None, shown: str) -> bool:
        """Whether a store can be used as it is; False when it has to be migrated.

        Raises StoreTooNew for a revision of a later program, StoreDamaged for a store without any.
        """
        if stored is None:
            raise StoreDamaged(
                f"The store {shown} does not say which revision it has.", "Bring back a copy of it, or name another."
            )
        if stored not in self.known:
            raise StoreTooNew(
                f"The store {shown} was written by a later version of this program (revision {stored}, known here up "
                f"to {self.newest}). Nothing was changed in it.",
                "Install the newer version, or name another store with --store.",
            )
        return stored == self.newest


SHIPPED = Revisions()


def stored_revision(connection: Connection) -> str | None:
    """The revision of a store; None when the database holds no store."""
    if not inspect(connection).has_table(revision.name):
        return None
    return connection.execute(select(revision.c.version_num)).scalar()


def make_tables(connection: Connection) -> None:
    """Make the tables of a new store, as all migrations together would."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(revision).values(version_num=SHIPPED.newest))
