"""The numbers by which readers learn that there is something new to read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from quarterdeck.services.ports import Topic
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.tables import topic_version


class SqlVersions(DatabaseReader):
    """Reads the version of every topic; the writer lets them grow inside each transaction."""

    def versions(self) -> Mapping[Topic, int]:
        with self._database.reading() as connection:
            found = {row.topic: row.version for row in connection.execute(select(topic_version))}
        return {topic: found.get(topic.value, 0) for topic in Topic}
