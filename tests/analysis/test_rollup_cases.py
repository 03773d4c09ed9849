"""The reference table of the roll-up, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from quarterdeck.analysis.coverage import Cover, Coverage
from quarterdeck.analysis.rollup.conditions import Effective, Manner, Own
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.instants import from_ms
from quarterdeck.services.own_history import OwnHistory
from tests.analysis.rollup_estates import MINUTE_MS, NOW_MS, entity, graph_of

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("rollup_cases.yaml"))
LEAST_CASES = 60


def rule(row: Mapping[str, Any]) -> HealthRule:
    weights = tuple(sorted(row.get("weights", {}).items()))
    named = {name: row[name] for name in ("count", "down_below", "degraded_below") if name in row}
    return HealthRule(RuleKind(row["kind"]), tuple(row["of"]), weights=weights, **named)


def names_of(case: Mapping[str, Any]) -> list[str]:
    return sorted({*case["own"], *case["expect"], *case.get("needs", {})})


def began_ms(words: list[str]) -> int:
    minutes = next((float(word) for word in words if word.isdigit()), 10.0)
    return NOW_MS - int(minutes * MINUTE_MS)


def own(name: str, case: Mapping[str, Any]) -> Own:
    told = str(case["own"].get(name, "unknown"))
    if "," in told:
        return lately(name, [stretch.split() for stretch in told.split(",")])
    state, *more = told.split()
    windows = case.get("windows", ())
    if isinstance(windows, Mapping) and name in windows:
        return in_window(name, HealthState(state), began_ms(more), windows[name])
    return Own(
        HealthState(state),
        began_ms(more),
        in_window=name in case.get("windows", ()),
        source_failed="source" in more,
        onset_ms=0 if "unseen" in more else None,
    )


def in_window(name: str, state: HealthState, from_ms_: int, minutes: float) -> Own:
    """What an entity says whose window began so many minutes ago."""
    history = OwnHistory()
    begun_ms = NOW_MS - int(minutes * MINUTE_MS)
    history.coverage = Coverage({name: [Cover(begun_ms, NOW_MS + MINUTE_MS, "w", "work")]})
    history.add([StateInterval(name, state, "", from_ms(from_ms_))], 0)
    return history.own_at(name, NOW_MS)


def lately(name: str, told: list[list[str]]) -> Own:
    """What a history comes to now."""
    begun = [(from_ms(began_ms(words)), HealthState(words[0])) for words in told]
    ends = [*(at for at, _ in begun[1:]), None]
    history = OwnHistory()
    history.add([StateInterval(name, state, "", at, end) for (at, state), end in zip(begun, ends, strict=True)], 0)
    own_now = history.own_at(name, NOW_MS)
    # The oldest of a history in the table was seen to begin.
    return own_now if own_now.onset_ms else replace(own_now, onset_ms=None)


def told(found: Effective) -> str:
    words = [found.state.value]
    words += ["because", *(cause.key for cause in found.because)] if found.because else []
    words += ["masked"] if found.masked else []
    words += ["spare", str(found.spare)] if found.spare is not None else []
    return " ".join(words)


def rolled_up(case: Mapping[str, Any]) -> Rollup:
    rules = {name: tuple(map(rule, rows)) for name, rows in case.get("rules", {}).items()}
    tiers = case.get("tiers", {})
    entities = [entity(name, rules.get(name, ()), tiers.get(name, 3)) for name in names_of(case)]
    graph = graph_of(entities, case.get("needs", {}))
    return Rollup(graph, Manner(masking=case.get("masking", True)))


@pytest.mark.parametrize("case", CASES, ids=[case["says"].replace(" ", "-") for case in CASES])
def test_the_table_holds_when_everything_is_judged_at_once(case: Mapping[str, Any]) -> None:
    rollup = rolled_up(case)
    rollup.judge_all({name: own(name, case) for name in names_of(case)}, NOW_MS)
    assert {name: told(rollup.effective(name)) for name in case["expect"]} == case["expect"]


@pytest.mark.parametrize("case", CASES, ids=[case["says"].replace(" ", "-") for case in CASES])
def test_the_table_holds_when_states_come_one_by_one(case: Mapping[str, Any]) -> None:
    rollup = rolled_up(case)
    rollup.judge_all({}, NOW_MS - 5)
    for step, name in enumerate(reversed(names_of(case))):
        rollup.change({name: own(name, case)}, NOW_MS - 4 + min(step, 4))
    rollup.change({}, NOW_MS)
    assert {name: told(rollup.effective(name)) for name in case["expect"]} == case["expect"]


def test_the_table_is_long_and_says_nothing_twice() -> None:
    sentences = {case["says"] for case in CASES}
    assert len(sentences) == len(CASES) >= LEAST_CASES
