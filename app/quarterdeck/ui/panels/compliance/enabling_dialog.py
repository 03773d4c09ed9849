"""Asks for what goes on record when policies are enabled or withdrawn: who, who agrees, and why."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.ui.panels.compliance.models import words
from quarterdeck.ui.panels.compliance.policy_state import EnablingAnswer, OpenedPolicy
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.dialogs import Decision
from quarterdeck.ui.widgets.field_specs import FieldSpec, FieldValue


class EnablingDialog(DeedDialog):
    """Asks before a file is enabled, or withdrawn."""

    def __init__(self, theme: Theme, opened: OpenedPolicy, parent: QWidget, *, is_withdrawal: bool) -> None:
        decision = _withdrawal(opened) if is_withdrawal else _enabling(opened)
        super().__init__(theme, decision, _fields(), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> EnablingAnswer:
        return EnablingAnswer(
            by=str(values["by"]),
            approved_by=str(values.get("approved_by") or ""),
            comment=str(values.get("comment") or ""),
        )


def _enabling(opened: OpenedPolicy) -> Decision:
    text = words("{file} is written into the folder of your own policies. What was judged before stays as it is.")
    return Decision(words("Enable the policies"), text.format(file=opened.title), words("Enable"), words("Cancel"))


def _withdrawal(opened: OpenedPolicy) -> Decision:
    text = words("{file} is taken away: what the program carries stands again. What was judged before stays.")
    return Decision(words("Withdraw the policies"), text.format(file=opened.title), words("Withdraw"), words("Cancel"))


def _fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("by", words("Done by"), is_required=True),
        FieldSpec("approved_by", words("Agreed by"), words("Somebody else, where a policy asks for a second person.")),
        FieldSpec("comment", words("Reason"), words("Why, in a few words; it stays on record.")),
    )
