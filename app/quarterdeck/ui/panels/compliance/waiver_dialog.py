"""Asks for what a waiver needs: why, for how long, who asks and who agrees; or why it is withdrawn."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.ui.panels.compliance.models import words
from quarterdeck.ui.panels.compliance.state import Deed, FindingState, WaiverAnswer, WithdrawalAnswer
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.dialogs import Decision
from quarterdeck.ui.widgets.field_specs import FieldKind, FieldSpec, FieldValue

_DAY = 86_400.0
_USUAL_DAYS = 30
_LONGEST_DAYS = 366


class WaiverDialog(DeedDialog):
    """Asks for a waiver, or where one holds, for its withdrawal."""

    def __init__(self, theme: Theme, finding: FindingState, parent: QWidget) -> None:
        self._is_withdrawal = finding.deed is Deed.WITHDRAW
        fields = _withdrawal_fields() if self._is_withdrawal else _waiver_fields()
        super().__init__(theme, _decision(finding), fields, parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> WaiverAnswer | WithdrawalAnswer:
        if self._is_withdrawal:
            return WithdrawalAnswer(note=str(values["note"]), by=str(values["by"]))
        return WaiverAnswer(
            reason=str(values["reason"]),
            seconds=float(values["length"]),
            requested_by=str(values["requested_by"]),
            approved_by=str(values["approved_by"]),
        )


def _decision(finding: FindingState) -> Decision:
    if finding.deed is Deed.WITHDRAW:
        text = words("The control is judged again from now on. What was waived up to now stays so.")
        return Decision(words("Withdraw the waiver"), f"{finding.title}. {text}", words("Withdraw"), words("Cancel"))
    text = words("It is set aside for this entity only, and opens again by itself at the end.")
    return Decision(words("Waive the control"), f"{finding.title}. {text}", words("Waive"), words("Cancel"))


def _waiver_fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("reason", words("Reason"), words("Why it may stand, in a few words."), is_required=True),
        FieldSpec(
            "length",
            words("For how long"),
            words("From now on, such as 30 d; at most 366 d."),
            kind=FieldKind.DURATION,
            is_required=True,
            default=_USUAL_DAYS * _DAY,
            minimum=60.0,
            maximum=_LONGEST_DAYS * _DAY,
        ),
        FieldSpec("requested_by", words("Asked by"), is_required=True),
        FieldSpec(
            "approved_by",
            words("Agreed by"),
            words("Somebody else, where the policy asks for a second person."),
            is_required=True,
        ),
    )


def _withdrawal_fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("note", words("Reason"), words("Why it is withdrawn, in a few words."), is_required=True),
        FieldSpec("by", words("Withdrawn by"), is_required=True),
    )
