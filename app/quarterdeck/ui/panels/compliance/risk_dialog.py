"""Asks for what a risk needs: how likely and how bad, when one is registered; what is done and why, when decided."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.domain.risks import RiskScale, Treatment
from quarterdeck.ui.panels.compliance.models import words
from quarterdeck.ui.panels.compliance.risk_words import treatment_words
from quarterdeck.ui.panels.compliance.state import (
    FindingState,
    HandRiskAnswer,
    RiskAnswer,
    RiskClosingAnswer,
    RiskDecisionAnswer,
    RiskLine,
)
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.dialogs import Decision
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec, FieldValue

_DAY = 86_400.0
_USUAL_DAYS, _LONGEST_DAYS = 90, 3660
_MIDDLE = "3"


class RiskDialog(DeedDialog):
    """Registers a risk from a finding: where, from what and by which control it is lowered is known already."""

    def __init__(self, theme: Theme, finding: FindingState, parent: QWidget) -> None:
        text = words("It is kept on record. A control of a policy lowers it by 20 % while it is satisfied.")
        decision = Decision(words("Register a risk"), f"{finding.title}. {text}", words("Register"), words("Cancel"))
        super().__init__(theme, decision, _risk_fields(finding.title, finding.note.owner), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> RiskAnswer:
        return _risk_answer(values)


class HandRiskDialog(DeedDialog):
    """Registers a risk that no finding tells of; begins with what is selected."""

    def __init__(self, theme: Theme, entity_key: str, parent: QWidget) -> None:
        text = words("It is kept on record. `quarterdeck risks add` also names the controls that lower it.")
        decision = Decision(words("Register a risk by hand"), text, words("Register"), words("Cancel"))
        where = FieldSpec(
            "entity",
            words("Entity"),
            words("Where, by its key, such as integration/payhub."),
            is_required=True,
            default=entity_key or None,
        )
        title, *others = _risk_fields("", "")
        super().__init__(theme, decision, (title, where, *others), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> HandRiskAnswer:
        return HandRiskAnswer(_risk_answer(values), str(values["entity"]))


class RiskDecisionDialog(DeedDialog):
    """Decides what is done about a risk, on the facts of now."""

    def __init__(self, theme: Theme, line: RiskLine, parent: QWidget) -> None:
        text = words("It holds as long as what is known of the controls stays as it is now.")
        decision = Decision(words("Decide about a risk"), f"{line.title}. {text}", words("Decide"), words("Cancel"))
        super().__init__(theme, decision, _decision_fields(line), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> RiskDecisionAnswer:
        return RiskDecisionAnswer(
            treatment=Treatment(str(values["treatment"])),
            comment=str(values["comment"]),
            seconds=float(values["review"]),
            owner=str(values.get("owner", "")),
            by=str(values["by"]),
        )


class RiskClosingDialog(DeedDialog):
    """Closes a risk that is none any more."""

    def __init__(self, theme: Theme, line: RiskLine, parent: QWidget) -> None:
        text = words("It leaves the table and the matrix, and stays on record. Registered anew it is another risk.")
        decision = Decision(words("Close a risk"), f"{line.title}. {text}", words("Close risk"), words("Cancel"))
        fields = (
            FieldSpec("comment", words("Why"), words("Why it is none any more."), is_required=True),
            FieldSpec("by", words("Closed by"), is_required=True),
        )
        super().__init__(theme, decision, fields, parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> RiskClosingAnswer:
        return RiskClosingAnswer(comment=str(values["comment"]), by=str(values["by"]))


def _risk_answer(values: dict[str, FieldValue]) -> RiskAnswer:
    return RiskAnswer(
        title=str(values["title"]),
        likelihood=int(str(values["likelihood"])),
        impact=int(str(values["impact"])),
        owner=str(values.get("owner", "")),
        by=str(values["by"]),
    )


def _risk_fields(title: str, owner: str) -> tuple[FieldSpec, ...]:
    scale = RiskScale()
    levels = {"likelihood": (words("Likelihood"), scale.likelihoods), "impact": (words("Impact"), scale.impacts)}
    return (
        FieldSpec("title", words("Risk"), words("What may go wrong."), is_required=True, default=title or None),
        *(
            FieldSpec(
                name,
                label,
                kind=FieldKind.CHOICE,
                is_required=True,
                choices=tuple(Choice(str(level), f"{level} · {word}") for level, word in enumerate(told, 1)),
                default=_MIDDLE,
            )
            for name, (label, told) in levels.items()
        ),
        FieldSpec("owner", words("Owner"), default=owner or None),
        FieldSpec("by", words("Registered by"), is_required=True),
    )


def _decision_fields(line: RiskLine) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(
            "treatment",
            words("Treatment"),
            kind=FieldKind.CHOICE,
            is_required=True,
            choices=tuple(Choice(each.value, treatment_words(each, words)) for each in Treatment),
            default=Treatment.MITIGATE.value,
        ),
        FieldSpec("comment", words("Why"), words("In a few words."), is_required=True),
        FieldSpec(
            "review",
            words("Look again in"),
            words("From now on, such as 90 d."),
            kind=FieldKind.DURATION,
            is_required=True,
            default=_USUAL_DAYS * _DAY,
            minimum=60.0,
            maximum=_LONGEST_DAYS * _DAY,
        ),
        FieldSpec("owner", words("Owner"), words("Whoever accepts a risk owns it."), default=line.owner or None),
        FieldSpec("by", words("Decided by"), is_required=True),
    )
