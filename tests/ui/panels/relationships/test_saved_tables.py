"""What `S` saves in each view: never the map where a table is shown, and always of which moment it is."""

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.domain.patterns import Verification
from quarterdeck.services.patterns import HeldEntity, PatternReport
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from tests.support.graphs import DATABASE, PAYHUB, RAIL, STATEMENTS, report, thing
from tests.ui.panels.overview.reports import NOON
from tests.ui.panels.relationships.desk import Desk, table_in
from tests.ui.panels.relationships.supposing import Supposing
from tests.ui.panels.relationships.test_patterns import BROKEN, DARK, TOLD, look_at_patterns


def written(desk: Desk) -> list[dict[str, str]]:
    """The rows of the table in view as they would be saved."""
    file = desk.view._page.table_file()
    assert file is not None
    return list(csv.DictReader(StringIO(file.write().decode())))


class Asked(FileSaver):
    """A saver that keeps what a person would be asked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.view, desk.background, desk.notices.append, saved_as="The table was saved as {path}")
        self.questions: list[tuple[str, str, tuple[FileFormat, ...]]] = []
        desk.view._table._saver = self

    @override
    def ask(self, heading: str, name: str, formats: Sequence[FileFormat]) -> None:
        self.questions.append((heading, name, tuple(formats)))


def turn_to(desk: Desk, arrangement: str) -> None:
    desk.view._bar.show_arrangement(type(desk.view._bar.arrangement)(arrangement))
    desk.view._arrange()
    desk.settle()


@pytest.mark.parametrize(
    ("arrangement", "heading"),
    [
        ("table", "Save the entities that are shown"),
        ("relations", "Save the relations that are shown"),
        ("patterns", "Save how everything stands to its patterns"),
    ],
)
def test_the_same_key_saves_the_table_that_is_shown(desk: Desk, tmp_path: Path, arrangement: str, heading: str) -> None:
    look_at_patterns(desk)
    turn_to(desk, arrangement)
    asked = Asked(desk)
    desk.hands.run("save")
    (told, name, formats) = asked.questions[0]
    assert (told, [one.ending for one in formats]) == (heading, [".csv"])
    assert name
    asked.save(tmp_path / "shown.csv", formats)
    desk.settle()
    assert desk.notices == [f"The table was saved as {tmp_path / 'shown.csv'}"]
    assert (tmp_path / "shown.csv").read_bytes().count(b"\r\n") > 1


def test_patterns_are_saved_whole_with_a_row_for_each_finding(desk: Desk) -> None:
    look_at_patterns(desk, PatternReport(NOON, (*TOLD.held,), TOLD.names))
    desk.hands.seek("nothing of this name")
    rows = written(desk)
    assert [row["standing"] for row in rows] == ["conforms", "no_pattern", "unknown", "deviates", "deviates"]
    deviating = [row for row in rows if row["key"] == BROKEN.entity.key]
    assert deviating[0]["required"] == "exactly 1 relation from a partner"
    assert deviating[0]["concerned"] == PAYHUB.key
    assert deviating[0]["since"] == NOON.isoformat()
    assert {row["at"] for row in rows} == {NOON.isoformat()}
    unknown = next(row for row in rows if row["key"] == DARK.entity.key)
    assert (unknown["demand"], unknown["since"]) == ("signal", "")


def test_without_an_integration_there_are_no_patterns_to_save(desk: Desk) -> None:
    look_at_patterns(desk, PatternReport(NOON, (), {}))
    desk.hands.run("save")
    assert desk.notices == ["There is nothing to save: no integration is declared."]


def test_a_table_is_saved_as_it_is_filtered_and_says_of_which_moment_it_is(desk: Desk) -> None:
    turn_to(desk, "table")
    desk.hands.seek("pay")
    rows = written(desk)
    assert len(rows) == table_in(desk).shown_count
    assert all(row["told_as"].startswith("Relationships as of 2026-11-24 ") for row in rows)
    by_key = {row["key"]: row for row in rows}
    assert by_key[PAYHUB.key]["state"] == "down"


def test_a_table_of_which_no_row_is_shown_is_not_saved(desk: Desk) -> None:
    turn_to(desk, "relations")
    desk.hands.seek("nothing of this name")
    desk.hands.run("save")
    assert desk.notices == ["There is nothing to save: no row is shown."]


def test_a_table_of_what_is_assumed_says_so_in_its_name_and_in_every_row(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Supposing(theme, show)
    desk.assume(DATABASE.key, "Down")
    turn_to(desk, "table")
    file = desk.view._page.table_file()
    assert file is not None
    assert file.name.startswith("assumed-not-real-relationships-as-of-")
    rows = {row["key"]: row for row in written(desk)}
    assert all(row["told_as"].startswith("ASSUMED, NOT REAL: ") for row in rows.values())
    assert rows[RAIL.key]["state"] == "unreachable"


def test_patterns_are_saved_as_they_are_while_something_is_assumed(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Supposing(theme, show)
    sound = HeldEntity(STATEMENTS.entity, (Verification(STATEMENTS.key, "shape", "Shape", 5),))
    look_at_patterns(desk, PatternReport(NOON, (sound,), {}))
    desk.assume(DATABASE.key, "Down")
    desk.hands.run("patterns")
    assert [row["standing"] for row in written(desk)] == ["conforms"]


def test_no_name_from_outside_is_run_as_a_formula(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, report((thing("service/sum", name="=SUM(A1:A9)"),)))
    turn_to(desk, "table")
    assert written(desk)[0]["name"] == "'=SUM(A1:A9)"
