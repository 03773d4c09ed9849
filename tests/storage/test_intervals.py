"""Spans put among spans, compared with painting one millisecond after the other."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.storage.intervals import Span, SpanChange, spliced

LENGTH_MS = 30
Painted = list[str | None]


@st.composite
def changes(draw: st.DrawFn) -> SpanChange:
    """A change somewhere in the painted stretch, with gaps and touching spans inside."""
    start, end = sorted(draw(st.tuples(st.integers(0, LENGTH_MS), st.integers(0, LENGTH_MS))))
    cuts = sorted(draw(st.lists(st.integers(start, end), max_size=6)))
    labels = draw(st.lists(st.sampled_from(["up", "down", "skip"]), min_size=6, max_size=6))
    pairs = zip(cuts, cuts[1:], labels, strict=False)
    return SpanChange(start, end, tuple(Span(a, b, (label,)) for a, b, label in pairs if label != "skip"))


def paint(canvas: Painted, change: SpanChange) -> None:
    for ms in range(change.from_ms, change.to_ms):
        canvas[ms] = None
    for span in change.spans:
        for ms in range(span.from_ms, span.to_ms):
            canvas[ms] = span.label[0]


def seen(canvas: Painted) -> list[Span]:
    spans: list[Span] = []
    for label, run in groupby(range(LENGTH_MS), key=canvas.__getitem__):
        stretch = list(run)
        if label is not None:
            spans.append(Span(stretch[0], stretch[-1] + 1, (label,)))
    return spans


@given(st.lists(changes(), max_size=12))
def test_spans_after_any_history_of_changes_are_what_painting_gives(history: list[SpanChange]) -> None:
    canvas: Painted = [None] * LENGTH_MS
    spans: list[Span] = []
    for change in history:
        paint(canvas, change)
        spans = spliced(spans, change)
        assert spans == seen(canvas)


def test_the_first_of_two_joined_spans_keeps_its_detail() -> None:
    before = [Span(0, 10, ("up",), ("first",))]
    assert spliced(before, SpanChange(10, 20, (Span(10, 20, ("up",), ("second",)),))) == [
        Span(0, 20, ("up",), ("first",))
    ]


@pytest.mark.parametrize(
    "spans",
    [
        (Span(0, 5, ("up",)),),
        (Span(10, 25, ("up",)),),
        (Span(12, 15, ("up",)), Span(14, 16, ("down",))),
        (Span(15, 16, ("up",)), Span(12, 13, ("down",))),
        (Span(15, 12, ("up",)),),
    ],
)
def test_spans_outside_their_range_or_out_of_order_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match="in order and without overlap"):
        SpanChange(10, 20, spans)
