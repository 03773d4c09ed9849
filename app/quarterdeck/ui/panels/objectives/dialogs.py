"""Ask for what a correction of a ledger needs, and for an objective: what is promised of what, over which window."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.ui.panels.objectives.models import words
from quarterdeck.ui.panels.objectives.state import CorrectionAnswer, EntryLine, ObjectiveAnswer
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.dialogs import Decision
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec, FieldValue

_USUAL_TARGET = 99.9


class CorrectionDialog(DeedDialog):
    """Begins with the entry that is selected."""

    def __init__(self, theme: Theme, title: str, entry: EntryLine | None, parent: QWidget) -> None:
        text = words(
            "The stretch counts as what you say from now on, and the record says so. What was measured stays, and the "
            "ledger can be counted without corrections."
        )
        decision = Decision(words("Correct the ledger"), f"{title}. {text}", words("Record"), words("Cancel"))
        super().__init__(theme, decision, correction_fields(entry), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> CorrectionAnswer:
        told = {name: str(value) for name, value in values.items()}
        return CorrectionAnswer(told["start"], told["end"], told["counts_as"], told["reason"], told["by"])


class ObjectiveDialog(DeedDialog):
    """Begins with the objective that is changed, or with an empty one for an entity."""

    def __init__(self, theme: Theme, entity_key: str, begun: Mapping[str, str], parent: QWidget) -> None:
        title = words("Change the objective") if begun else words("New objective")
        text = words("It is written into the document that declares the entity, and counted at once.")
        decision = Decision(title, text, words("Keep"), words("Cancel"))
        super().__init__(theme, decision, objective_fields(entity_key, begun), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> ObjectiveAnswer:
        told = {name: str(value) for name, value in values.items()}
        bound = values.get("bound")
        return ObjectiveAnswer(
            entity_key=told["entity"],
            name=told["name"],
            kind=told["kind"],
            target_percent=float(values["target"]),
            window=told["window"],
            starts=told.get("starts", ""),
            zone=told.get("zone", ""),
            query=told.get("query", ""),
            total=told.get("total", ""),
            bound=None if bound is None else float(bound),
        )


def correction_fields(entry: EntryLine | None) -> tuple[FieldSpec, ...]:
    """The fields of a correction."""
    choices = (
        Choice("excluded", words("excluded")),
        Choice("good", words("good")),
        Choice("bad", words("bad")),
        Choice("unknown", words("unknown")),
        Choice("measured", words("as measured: takes earlier corrections back")),
    )
    hint = words("Such as 2026-11-24 12:00, in this machine's zone.")
    return (
        FieldSpec("start", words("From"), hint, is_required=True, default=entry.from_text if entry else None),
        FieldSpec("end", words("To"), is_required=True, default=entry.to_text if entry else None),
        FieldSpec(
            "counts_as",
            words("Counts as"),
            kind=FieldKind.CHOICE,
            is_required=True,
            choices=choices,
            default="excluded",
        ),
        FieldSpec("reason", words("Reason"), words("Why, for whoever reads the record later."), is_required=True),
        FieldSpec("by", words("Corrected by"), is_required=True),
    )


def objective_fields(entity_key: str, begun: Mapping[str, str]) -> tuple[FieldSpec, ...]:
    """The fields of an objective, filled with what it is."""
    name, kind = begun.get("name") or "availability", begun.get("kind") or "availability"
    return (
        FieldSpec("entity", words("Entity"), words("By its key."), is_required=True, default=entity_key or None),
        FieldSpec("name", words("Name"), is_required=True, default=name),
        FieldSpec("kind", words("Kind"), kind=FieldKind.CHOICE, is_required=True, choices=_kinds(), default=kind),
        *_promise_fields(begun),
        *_counting_fields(begun),
    )


def _kinds() -> tuple[Choice, ...]:
    return (
        Choice("availability", words("availability: time that was up")),
        Choice("latency", words("latency: a series at most a bound")),
        Choice("freshness", words("freshness: age of the newest data")),
        Choice("conformance", words("conformance: events followed in time")),
        Choice("share", words("share: good of all, by counters")),
    )


def _promise_fields(begun: Mapping[str, str]) -> tuple[FieldSpec, ...]:
    over = words("28d, 7d, 1month, 1quarter.")
    bound = words("Of a latency or freshness, in seconds: at most so much is good.")
    return (
        FieldSpec(
            "target",
            words("Target"),
            words("The share of good in percent, such as 99.9."),
            kind=FieldKind.NUMBER,
            is_required=True,
            default=float(begun.get("target") or _USUAL_TARGET),
            minimum=0.0,
            maximum=100.0,
        ),
        FieldSpec("window", words("Over"), over, is_required=True, default=begun.get("window") or "28d"),
        FieldSpec("bound", words("Bound"), bound, kind=FieldKind.NUMBER, default=_number(begun.get("bound", ""))),
    )


def _counting_fields(begun: Mapping[str, str]) -> tuple[FieldSpec, ...]:
    """What is counted; all but the query stays folded."""
    folded = (
        ("total", words("Of all"), words("The counter of all, for a share.")),
        ("starts", words("By the calendar from"), words("A day such as 2026-01-01; empty for a window that ends now.")),
        ("zone", words("Time zone"), words("Of the calendar.")),
    )
    query = words("Empty for the usual of its kind; else as the manual says, such as event:A then B within 5min.")
    return (
        FieldSpec("query", words("What is counted"), query, default=begun.get("query") or None),
        *(FieldSpec(key, label, hint, default=begun.get(key) or None, is_advanced=True) for key, label, hint in folded),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
