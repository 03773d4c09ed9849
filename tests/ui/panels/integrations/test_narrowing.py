"""Filters compose: one kind widens, several narrow, and what is shown is named in words."""

import csv
import math
from dataclasses import replace
from io import StringIO

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.integrations.copying import lines_as_csv, lines_as_text
from quarterdeck.ui.panels.integrations.narrowing import Narrowing, filter_picks, kept_lines, narrowing_words
from quarterdeck.ui.panels.integrations.state import IntegrationLine, Selection
from quarterdeck.ui.panels.integrations.words import Beside, integrations_state
from tests.ui.panels.integrations.lists import ALL
from tests.ui.panels.overview.reports import LIVE

BESIDE = Beside({"integration/core-accounts": 12.0, "integration/push": 40.0}, frozenset({"integration/statements"}))
LINES = integrations_state(ALL, LIVE, str, BESIDE).lines


def names(*picks: str, selection: Selection = Selection.ALL) -> list[str]:
    return [line.name for line in kept_lines(LINES, Narrowing(selection, picks))]


@pytest.mark.parametrize(
    ("picks", "kept"),
    [
        ((), ["Core accounts", "Statements", "PayHub processor", "Settlement files", "Push"]),
        (("domain=Account",), ["Core accounts", "Statements"]),
        (("domain=Account", "domain=Notification"), ["Core accounts", "Statements", "Push"]),
        (("domain=Account", "partner=Northgate"), ["Core accounts"]),
        (("expiring",), ["Core accounts"]),
        (("covered",), ["Statements", "Settlement files"]),
        (("tier=9",), []),
        (("covered", "domain=Account"), ["Statements"]),
        (("unheard=of",), ["Core accounts", "Statements", "PayHub processor", "Settlement files", "Push"]),
    ],
    ids=["none", "domain", "either", "both", "expiring", "covered", "tier", "two-kinds", "unknown"],
)
def test_picks_of_one_kind_widen_and_of_several_narrow(picks: tuple[str, ...], kept: list[str]) -> None:
    assert names(*picks) == kept


def test_states_compose_with_picks() -> None:
    assert names("domain=Bill Pay", selection=Selection.DOWN) == ["PayHub processor"]


def test_only_filters_with_a_meaning_are_offered() -> None:
    keys = [pick.key for pick in filter_picks(LINES[:2], str)]
    tier = f"tier={LINES[0].tier}"
    assert keys == ["domain=Account", "partner=internal", "partner=Northgate", tier, "expiring", "covered"]


def test_what_is_shown_is_named_in_words() -> None:
    narrowing = Narrowing(
        Selection.DOWN, ("domain=Account", "domain=Bill Pay", "partner=PayHub", "tier=1", "expiring", "covered"), "pay"
    )
    assert narrowing_words(narrowing, "Down", str) == (
        "Shown: down · domain Account or Bill Pay · partner PayHub · tier 1 · something ends within 30 d · "
        "covered by maintenance · with the words “pay”"
    )
    assert narrowing_words(Narrowing(), "All states", str) == ""
    assert narrowing_words(Narrowing(words="pay"), "All states", str) == "Shown: with the words “pay”"


def hostile(name: str) -> IntegrationLine:
    return replace(LINES[0], name=name)


def test_text_keeps_one_line_for_each_integration() -> None:
    first, second = lines_as_text((hostile("Core\taccounts"),), str).splitlines()
    assert first.split("\t")[:3] == ["Integration", "Key", "Domain"]
    assert second.split("\t")[:3] == ["Core accounts", "integration/core-accounts", "Account"]


def test_a_table_for_spreadsheets_holds_no_formula() -> None:
    rows = list(csv.reader(StringIO(lines_as_csv((hostile("=1+1"), LINES[2]), str))))
    assert (rows[1][0], rows[2][0], rows[2][5]) == ("'=1+1", "PayHub processor", "down")


def test_what_is_not_known_stays_unknown() -> None:
    lines = integrations_state(ALL, LIVE, str).lines
    assert all(math.isnan(line.ends_in_days) and not line.is_covered for line in lines)
    assert HealthState.MAINTENANCE in {line.state for line in lines}
