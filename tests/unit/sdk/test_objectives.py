"""Objectives in an estate document are read as they stand, and every fault of one is told at its line."""

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.estate_document import parse_estate

HEAD = "quarterdeck: 1\nname: doc\nentities:\n  - key: service/api\n    kind: service\n    name: API\n    objectives:\n"
RATIO = "      - {name: up, target: 0.999, window: 28d, indicator: ratio, good: ok, total: all}\n"


def read(text: str) -> tuple[Objective, ...]:
    return parse_estate((HEAD + text).encode(), "estate.yaml").entities[0].objectives


def test_a_ratio_over_a_rolling_window_is_read_with_what_it_leaves_out() -> None:
    (objective,) = read(RATIO)
    assert objective == Objective(
        "up", 0.999, Window(28, WindowUnit.DAY), Indicator(IndicatorKind.RATIO, good="ok", total="all")
    )
    assert objective.window.is_rolling


def test_a_threshold_by_the_calendar_in_time_slices_is_read_whole() -> None:
    (objective,) = read(
        "      - name: fast\n        title: Fast enough\n        target: 0.95\n        window: 1month\n"
        "        starts: 2026-01-01 00:00:00\n        zone: Europe/Amsterdam\n        budgeting: timeslices\n"
        "        slice: 1min\n        slice_target: 0.9\n        comparison: lte\n        bound: 0.5\n"
        "        indicator: threshold\n        raw: p95\n        source: metrics\n        source_kind: Prometheus\n"
        "        alert_policies: [page]\n"
    )
    assert objective == Objective(
        name="fast",
        title="Fast enough",
        target=0.95,
        window=Window(1, WindowUnit.MONTH, "2026-01-01 00:00:00", "Europe/Amsterdam"),
        indicator=Indicator(IndicatorKind.THRESHOLD, raw="p95", source="metrics", source_kind="Prometheus"),
        budgeting=Budgeting.TIMESLICES,
        comparison=Comparison.UP_TO,
        bound=0.5,
        slice_target=0.9,
        slice_seconds=60.0,
        alert_policies=("page",),
    )
    assert not objective.window.is_rolling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("      - {name: up, window: 28d, indicator: ratio, raw: x}\n", "an objective needs a target"),
        ("      - {name: up, target: 99.9, window: 28d, indicator: ratio, raw: x}\n", "target is 99.9; it lies"),
        ("      - {name: up, target: 1, window: 28m, indicator: ratio, raw: x}\n", "window cannot be “28m”"),
        ("      - {name: up, target: 1, window: 0d, indicator: ratio, raw: x}\n", "window cannot be “0d”"),
        ("      - {name: up, target: 1, window: 1d, starts: soon, indicator: ratio, raw: x}\n", "starts cannot be"),
        ("      - {name: up, target: 1, window: 28d, indicator: share, raw: x}\n", "is no indicator of an objective"),
        ("      - {name: up, target: 1, window: 28d, indicator: ratio, good: x}\n", "a ratio has good or bad with"),
        ("      - {name: up, target: 1, window: 28d, indicator: ratio, good: x, bad: y, total: z}\n", "a ratio has"),
        ("      - {name: up, target: 1, window: 28d, indicator: threshold, total: x}\n", "a threshold has raw"),
        ("      - {name: up, target: 1, window: 28d, indicator: ratio, raw: x, raw_is_bad: maybe}\n", "true or false"),
        ("      - {name: a b, target: 1, window: 28d, indicator: ratio, raw: x}\n", "“a b” cannot be a name"),
        (RATIO + RATIO, "declared a second time"),
        ("      - {name: up, target: 1, window: 28d, indicator: ratio, raw: x, gaol: 1}\n", "is not a key of"),
        ("      - up\n", "an objective must be a set of keys and values"),
        (RATIO * 51, "holds more than 50"),
    ],
    ids=lambda value: value[:40].strip().strip("-").strip() if value.startswith(" ") else value[:20],
)
def test_an_objective_that_is_not_one_is_refused_with_its_reason(text: str, words: str) -> None:
    with pytest.raises(InvalidEstate) as caught:
        read(text)
    assert any(words in line for line in (caught.value.message, *caught.value.lines))
