"""Forms for planned work: opened, previewed while they are filled in, kept or refused. Plain Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from quarterdeck.domain.errors import InvalidEstate, OperatorError
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import FormGround, FormOutcome, TakenCalendar
from quarterdeck.services.maintenance_forms import Field, TypedWindow
from quarterdeck.services.maintenance_import import ImportScope
from quarterdeck.services.maintenance_preview import WindowPreview
from quarterdeck.ui.panels.maintenance.forms import (
    form_to_correct,
    form_to_import,
    form_to_plan,
    signature_of,
    window_of,
)
from quarterdeck.ui.panels.maintenance.preview_words import fault_preview, preview_state
from quarterdeck.ui.panels.maintenance.state import FormAnswer, FormState, PreviewState, Typed
from quarterdeck.ui.panels.maintenance.words import Translate
from quarterdeck.ui.tasks.verbs import Background


class FormSource(Protocol):
    """What forms are opened with and kept by. Every call may take seconds."""

    def ground(self) -> FormGround: ...

    def window(self, window_id: str) -> MaintenanceWindow: ...

    def preview(self, typed: TypedWindow, window_id: str = "") -> WindowPreview | tuple[tuple[Field, str], ...]: ...

    def plan(self, typed: TypedWindow, signed: Signature) -> FormOutcome: ...

    def correct(self, window_id: str, typed: TypedWindow, signed: Signature) -> FormOutcome: ...

    def take_calendar(self, path: Path, scope: ImportScope, signed: Signature) -> TakenCalendar: ...


class FormSurface(Protocol):
    """What shows forms; a form is told apart from others by its key."""

    def show_form(self, form: FormState) -> None: ...

    def show_preview(self, form_key: str, preview: PreviewState) -> None: ...

    def show_answer(self, form_key: str, answer: FormAnswer) -> None: ...

    def close_form(self, form_key: str, *, saved_id: str = "") -> None: ...


class FormPresenter:
    """A form keeps what was typed until it is kept or given up; `notify` says a sentence at the foot of the window."""

    def __init__(
        self,
        source: FormSource,
        background: Background,
        surface: FormSurface,
        *,
        notify: Callable[[str], object],
        tr: Translate,
    ) -> None:
        self._source = source
        self._background = background
        self._surface = surface
        self._notify = notify
        self._tr = tr

    def plan(self, scope: MaintenanceScope) -> None:
        """Open the form for a new window."""
        source, tr = self._source, self._tr
        self._background.run_query(
            lambda: form_to_plan(source.ground(), scope, tr),
            on_result=self._surface.show_form,
            on_error=self._explain,
            key="form",
        )

    def correct(self, window_id: str) -> None:
        """Open the form that says anew what a window is."""
        source, tr = self._source, self._tr
        self._background.run_query(
            lambda: form_to_correct(source.window(window_id), source.ground(), tr),
            on_result=self._surface.show_form,
            on_error=self._explain,
            key="form",
        )

    def open_import(self) -> None:
        """Open the form that takes in a calendar."""
        source, tr = self._source, self._tr
        self._background.run_query(
            lambda: form_to_import(source.ground(), tr),
            on_result=self._surface.show_form,
            on_error=self._explain,
            key="form",
        )

    def preview(self, form: FormState, typed: Typed) -> None:
        """Say what a form would come to as it stands."""
        source, tr, surface = self._source, self._tr, self._surface

        def read() -> PreviewState:
            found = source.preview(window_of(typed), form.window_id)
            if isinstance(found, WindowPreview):
                return preview_state(found, tr)
            return fault_preview(found)

        self._background.run_query(
            read,
            on_result=lambda preview: surface.show_preview(form.key, preview),
            on_error=lambda error: surface.show_preview(form.key, PreviewState(missing=(_words(error),))),
            key=f"preview {form.key}",
        )

    def save(self, form: FormState, typed: Typed) -> None:
        """Keep what was typed, or say at which field it cannot stand."""
        source, surface = self._source, self._surface
        window, signed = window_of(typed), signature_of(typed)
        surface.show_answer(form.key, FormAnswer(is_busy=True))

        def change() -> FormOutcome:
            if form.window_id:
                return source.correct(form.window_id, window, signed)
            return source.plan(window, signed)

        self._background.run_change(
            change,
            on_result=lambda outcome: self._take_outcome(form, outcome),
            on_error=lambda error: surface.show_answer(form.key, FormAnswer(fault=_words(error))),
        )

    def take_calendar(self, form: FormState, path: str, typed: Typed) -> None:
        """Take a calendar in, all or nothing."""
        source, surface = self._source, self._surface
        scope = ImportScope(typed.scope.entity_keys, typed.scope.domains, typed.value(Field.ZONE) or "UTC")
        surface.show_answer(form.key, FormAnswer(is_busy=True))
        self._background.run_change(
            lambda: source.take_calendar(Path(path), scope, signature_of(typed)),
            on_result=lambda taken: self._take_calendar(form, taken),
            on_error=lambda error: surface.show_answer(form.key, _refusal(error)),
        )

    def _take_outcome(self, form: FormState, outcome: FormOutcome) -> None:
        record = outcome.record
        if record is None:
            self._surface.show_answer(form.key, FormAnswer(faults=outcome.faults))
            return
        words = (
            self._tr("The correction of {reason} is recorded.") if form.window_id else self._tr("{reason} is planned.")
        )
        self._notify(words.format(reason=record.window.reason))
        self._surface.close_form(form.key, saved_id=record.window.id)

    def _take_calendar(self, form: FormState, taken: TakenCalendar) -> None:
        words = self._tr("Taken in: {new} new, {corrected} corrected, {same} as they were.")
        self._notify(words.format(new=taken.new, corrected=taken.corrected, same=taken.unchanged))
        self._surface.close_form(form.key)

    def _explain(self, error: OperatorError) -> None:
        self._notify(_words(error))


def _words(error: OperatorError) -> str:
    return f"{error.message} {error.next_step}".strip()


def _refusal(error: OperatorError) -> FormAnswer:
    """Why a file was refused; every fault of it where there are several."""
    return FormAnswer(fault=_words(error), lines=error.lines if isinstance(error, InvalidEstate) else ())
