"""The Overview says what is known, what is not, and never passes old numbers for fresh."""

import math
from dataclasses import replace

import numpy as np
import pytest

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.attention import AttentionAction
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.machines import MachineRow, Part, PartUse
from quarterdeck.services.overview import Awaited, OverviewFigures
from quarterdeck.ui.panels.overview.card_words import card_line, spark_values
from quarterdeck.ui.panels.overview.state import CardWords, FigureWords, Follow, OverviewState, PartWords
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.theme.tokens import Tone
from tests.ui.panels.overview.reports import DAY, FIGURES, NOON, before, item, machine, report, row

NOTHING_KNOWN = OverviewFigures(0, 0, 0, 0, None, 0.0, None, None, 0, None)


def state(**changes: object) -> OverviewState:
    return overview_state(report(**changes), NOON, str)


def figure(key: str, figures: OverviewFigures) -> FigureWords:
    return next(one for one in state(figures=figures).figures if one.key == key)


def test_every_figure_that_is_not_known_is_a_dash_and_never_zero() -> None:
    values = {one.key: one.value for one in state(figures=NOTHING_KNOWN).figures}
    assert values == {
        "healthy": "—",
        "attention": "0",
        "availability": "—",
        "requests": "—",
        "sources": "—",
        "expiry": "—",
    }


@pytest.mark.parametrize(
    ("awaited", "words"),
    [
        (Awaited.DATA, "Nothing is measured yet. Waiting for the first data of the connections."),
        (Awaited.COLLECTOR, "Nothing is measured yet. Waiting for a collector and its first data."),
        (Awaited.CONNECTION, "Nothing is measured yet. Waiting for a connection: none is on."),
        (Awaited.PAST, "Nothing was measured by then, so it is not known what needed attention."),
    ],
)
def test_before_anything_is_measured_nothing_is_called_well_and_what_is_awaited_is_told(
    awaited: Awaited, words: str
) -> None:
    unknown = replace(FIGURES, healthy=0, unknown=FIGURES.total, attention=0, down=0)
    told = state(attention=(), figures=unknown, awaited=awaited)
    values = {one.key: one.value for one in told.figures}
    assert told.quiet == words
    assert (values["healthy"], values["attention"]) == ("—", "—")


def test_what_is_measured_is_called_well_with_how_many_are_not_known() -> None:
    told = state(attention=(), figures=replace(FIGURES, unknown=1, attention=0, down=0))
    assert told.quiet == "Nothing that is measured needs attention. Of 1 of 3 nothing is known yet."
    assert told.figures[1].value == "0"


def test_a_source_that_fails_before_anything_is_measured_is_a_line_and_counted() -> None:
    told = state(awaited=Awaited.DATA)
    assert (told.quiet, told.figures[1].value, len(told.attention)) == ("", "1", 1)


def test_figures_say_how_many_of_how_many() -> None:
    told = {one.key: (one.value, one.note) for one in state().figures}
    assert told["healthy"] == ("2", "of 3")
    assert told["attention"] == ("1", "1 down")
    assert told["availability"] == ("99.67%", "")
    assert told["requests"] == ("1,284", "per second")
    assert told["sources"] == ("6", "of 7")


def test_an_availability_over_little_time_says_over_how_much() -> None:
    assert figure("availability", replace(FIGURES, counted_seconds=2 * DAY)).note == "of 2 d"


def test_where_there_is_little_room_what_is_not_known_is_told_in_a_word() -> None:
    short = {one.key: one.short_note for one in state(figures=NOTHING_KNOWN).figures if one.short_note}
    assert short == {"healthy": "none", "availability": "unknown", "requests": "unknown", "expiry": "none seen"}
    assert figure("availability", replace(FIGURES, counted_seconds=2 * DAY)).short_note == "2 d"


def test_an_availability_is_never_rounded_up_to_the_whole() -> None:
    assert figure("availability", replace(FIGURES, availability=0.999999)).value == "99.99%"


@pytest.mark.parametrize(
    ("days", "health", "value", "tone"),
    [
        (9.7, HealthState.DEGRADED, "9 d", Tone.DEGRADED),
        (61.0, HealthState.HEALTHY, "61 d", Tone.TEXT),
        (-1.0, HealthState.DOWN, "expired", Tone.DOWN),
    ],
)
def test_the_next_expiry_is_told_in_whole_days_and_marked_when_near(
    days: float, health: HealthState, value: str, tone: Tone
) -> None:
    expiry = Expiry("partner/payhub", "PayHub", EntityKind.PARTNER, "", before(0), days, health, before(1))
    told = figure("expiry", replace(FIGURES, next_expiry=expiry))
    assert (told.value, told.note, told.tone) == (value, "PayHub", tone)


def test_a_line_says_what_how_bad_since_when_and_what_follows() -> None:
    line = state().attention[0]
    assert (line.name, line.sentence, line.since) == ("PayHub", "Error rate 38%, above 25%", "14 min")
    assert (line.follow, line.target, line.button) == (Follow.PERFORMANCE, "integration/payhub", "Open charts")


def test_a_failing_connection_is_one_line_with_those_that_follow_it() -> None:
    failing = item(
        "Push provider",
        HealthState.STALE,
        sentence="Connection refused.",
        action=AttentionAction.OPEN_CONNECTION,
        entity_key="",
        connection_id="push",
        follower_count=4,
    )
    line = state(attention=(failing,)).attention[0]
    assert line.sentence == "Connection refused · 4 things without fresh data"
    assert (line.id, line.entity_key, line.target) == ("connection:push", "", "push")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Error rate 38%"),
        (1, "Error rate 38% · 1 other follows from it"),
        (12, "Error rate 38% · 12 others follow from it"),
    ],
)
def test_a_root_is_one_line_with_how_many_follow_from_it(count: int, words: str) -> None:
    root = item("PayHub", HealthState.DOWN, sentence="Error rate 38%.", behind_count=count)
    assert state(attention=(root,)).attention[0].sentence == words


def test_the_line_of_the_store_has_neither_button_nor_time() -> None:
    full = item(
        "The store", HealthState.DEGRADED, sentence="Full", since_at=None, action=AttentionAction.NONE, entity_key=""
    )
    line = state(attention=(full,)).attention[0]
    assert (line.id, line.follow, line.target, line.button) == ("store", Follow.NOWHERE, "", "")


def test_the_rail_is_told_how_many_and_the_worst() -> None:
    told = state(attention=(item("A", HealthState.DEGRADED), item("B", HealthState.DOWN)))
    assert (told.attention_count, told.worst) == (1, "down")
    quiet = state(attention=(), figures=replace(FIGURES, attention=0, down=0))
    assert (quiet.attention_count, quiet.worst, quiet.quiet) == (0, "", "Nothing needs attention.")


def test_while_nobody_collects_there_is_one_line_and_no_figure_of_the_present() -> None:
    told = state(silent_since_at=before(22), attention=(), figures=replace(FIGURES, sources_good=None))
    assert [line.sentence for line in told.attention] == ["Nothing is collecting: no fresh data since 12:10"]
    values = {one.key: one.value for one in told.figures}
    assert {values[key] for key in ("healthy", "attention", "requests", "sources")} == {"—"}
    assert (told.stale, told.attention_count, told.worst) == (told.attention[0].sentence, 1, "stale")


def test_an_estate_without_integrations_says_how_to_declare_them() -> None:
    assert "quarterdeck apply" in state(domains=()).no_cards


def test_without_integrations_the_figures_say_that_they_are_of_everything() -> None:
    told = {one.key: one for one in state(figures=replace(FIGURES, is_of_everything=True), domains=()).figures}
    healthy, available = told["everything_healthy"], told["everything_available"]
    assert (healthy.label, healthy.value, healthy.note) == ("Things healthy", "2", "of 3")
    assert "no integration" in healthy.tool_tip
    assert available.tool_tip.startswith("Up time of everything together")


def test_where_nothing_at_all_can_be_counted_the_figure_says_that_none_is_declared() -> None:
    told = figure("healthy", replace(NOTHING_KNOWN, is_of_everything=True))
    assert (told.label, told.value, told.note) == ("Integrations healthy", "—", "none declared")


def test_domains_read_as_headings() -> None:
    assert [section.title for section in state().sections] == ["Account", "Bill Pay"]


@pytest.mark.parametrize(
    ("health", "reason", "line"),
    [
        (HealthState.HEALTHY, "", "Healthy · 6 d"),
        (HealthState.DOWN, "Error rate 38%", "Down · 6 d"),
        (HealthState.MAINTENANCE, "Maintenance until 14:00", "Maintenance until 14:00"),
        (HealthState.MAINTENANCE, "", "In maintenance · 6 d"),
        (HealthState.UNKNOWN, "No data yet", "No data yet"),
    ],
)
def test_a_card_says_its_state_and_for_how_long(health: HealthState, reason: str, line: str) -> None:
    assert card_line(replace(row("A", health), reason=reason), NOON, str) == line


def test_a_stale_card_says_how_old_its_newest_data_are() -> None:
    stale = replace(row("A", HealthState.STALE), newest_at=before(22))
    assert card_line(stale, NOON, str) == "No data for 22 min"


def test_a_card_tells_a_screen_reader_why() -> None:
    down = replace(row("PayHub", HealthState.DOWN), reason="Error rate 38%, above 25%", since_at=before(14))
    card = overview_state(report(domains=(replace(report().domains[0], rows=(down,)),)), NOON, str).sections[0].cards[0]
    assert card.description == "PayHub, Down · 14 min, available 99.65% 30 d. Error rate 38%, above 25%"


def test_a_card_without_any_counted_time_has_a_dash() -> None:
    unknown = replace(row("A", HealthState.UNKNOWN), ledger=Ledger(0.0, 0.0, 0.0, 30 * DAY))
    card = (
        overview_state(report(domains=(replace(report().domains[0], rows=(unknown,)),)), NOON, str).sections[0].cards[0]
    )
    assert card.figure == "—"


def test_two_states_of_the_same_report_are_equal_gaps_included() -> None:
    assert state() == state()
    assert spark_values(np.array([1.0, np.nan])) == spark_values(np.array([1.0, np.nan]))


def card_of(row: MachineRow) -> CardWords:
    machines = state(machines=(row,), machine_count=1).machines
    assert machines is not None
    return machines.cards[0]


def test_a_machine_tells_its_processors_and_beneath_them_its_memory_and_its_fullest_disk() -> None:
    card = card_of(machine("ops-17"))
    assert (card.name, card.line, card.figure, card.figure_note) == ("ops-17", "Healthy · 3 min", "12%", "processor")
    assert card.parts == (PartWords("Memory", "42%"), PartWords("Fullest disk /var", "61%"))
    assert card.description == "ops-17, Healthy · 3 min, processor 12%, Memory 42%, Fullest disk /var 61%"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0%"), (0.004, "<1%"), (0.0951, "10%"), (0.9959, "99%"), (1.0, "100%"), (math.nan, "—")],
)
def test_what_is_in_use_is_told_in_whole_percent_and_never_rounded_to_nothing_or_all(share: float, words: str) -> None:
    assert card_of(machine("ops-17", uses=(PartUse(Part.PROCESSOR, share),))).figure == words


def test_figures_of_a_machine_that_are_not_fresh_are_dashes_and_read_as_not_known() -> None:
    old = (PartUse(Part.PROCESSOR, None), PartUse(Part.MEMORY, None), PartUse(Part.FULLEST_DISK, None))
    card = card_of(machine("ops-17", HealthState.STALE, uses=old, newest_at=before(22)))
    assert (card.line, card.figure, {part.value for part in card.parts}) == ("No data for 22 min", "—", {"—"})
    assert card.description.endswith("processor not known, Memory not known, Fullest disk not known")


def test_a_machine_at_its_first_reading_has_a_dash_for_its_processors_and_no_line() -> None:
    first = machine("ops-17", HealthState.UNKNOWN, uses=(PartUse(Part.MEMORY, 0.42),), spark=np.empty(0))
    card = card_of(first)
    assert (card.line, card.figure, card.spark) == ("Not judged yet", "—", ())
    assert card.parts == (PartWords("Memory", "42%"),)


def test_a_machine_of_which_nothing_was_told_yet_says_so() -> None:
    assert card_line(machine("ops-17", HealthState.UNKNOWN, newest_at=None), NOON, str) == "No data yet"


def test_a_machine_in_trouble_tells_a_screen_reader_why() -> None:
    card = card_of(machine("ops-17", HealthState.DEGRADED, reason="Memory in use 93%, above 90%"))
    assert card.description.endswith("61%. Memory in use 93%, above 90%")


def test_machines_beyond_those_that_are_read_are_counted_with_the_way_to_find_them() -> None:
    told = state(machines=(machine("a"), machine("b")), machine_count=9)
    assert (told.machine_count, told.beyond) == (9, "7 more: Ctrl+K finds them by name.")
    assert state(machines=(machine("a"),), machine_count=1).beyond == ""
