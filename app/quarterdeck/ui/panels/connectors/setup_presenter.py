"""Adding and editing connections: what kinds there are, their forms, trying one out, and keeping it.

Plain Python: tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.services.connection_drafts import ConnectionDraft
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.connections import ConnectorKinds, SaveOutcome
from quarterdeck.ui.panels.connectors.forms import Translate, Values, draft_of, form_to_add, form_to_edit
from quarterdeck.ui.panels.connectors.outcomes import testing_words, words_of_fault, words_of_problems, words_of_test
from quarterdeck.ui.panels.connectors.state import FormState, KindsState, KindWords, PageMessage, TestWords
from quarterdeck.ui.panels.connectors.words import every_words
from quarterdeck.ui.tasks.verbs import Background, TaskHandle


class SetupSource(Protocol):
    """What can be connected, whether a draft works, and keeping it. Every call may take seconds."""

    def kinds(self) -> ConnectorKinds: ...

    def secret_words(self) -> str: ...

    def names(self) -> tuple[str, ...]: ...

    def connection(self, connection_id: str) -> Connection: ...

    def test(self, draft: ConnectionDraft) -> ConnectionTest: ...

    def save(self, draft: ConnectionDraft) -> SaveOutcome: ...


class SetupSurface(Protocol):
    """What shows the kinds and the forms; a form is told apart from others by its key."""

    def show_kinds(self, state: KindsState | PageMessage | None) -> None: ...

    def show_form(self, form: FormState) -> None: ...

    def show_outcome(self, form_key: str, outcome: TestWords | None, *, is_busy: bool) -> None: ...

    def close_form(self, form_key: str, *, saved_id: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class _Open:
    """A form that is open: what it was made from."""

    form: FormState
    manifest: Manifest
    held: Connection | None = None


class SetupPresenter:
    """Forms stay open side by side; each has one test or one attempt to save at a time.

    `notify` says a sentence at the foot of the window.
    """

    def __init__(
        self,
        source: SetupSource,
        background: Background,
        surface: SetupSurface,
        *,
        notify: Callable[[str], object],
        tr: Translate,
    ) -> None:
        self._source = source
        self._background = background
        self._surface = surface
        self._notify = notify
        self._tr = tr
        self._open: dict[str, _Open] = {}
        self._tests: dict[str, TaskHandle] = {}

    def list_kinds(self) -> None:
        """Show what can be connected."""
        self._surface.show_kinds(None)
        self._background.run_query(
            self._source.kinds, on_result=self._take_kinds, on_error=self._fail_kinds, key="kinds"
        )

    def add(self, connector_id: str) -> None:
        """Open the form for a new connection of a kind."""
        source, tr = self._source, self._tr

        def read() -> _Open:
            manifest = _manifest(source.kinds(), connector_id)
            secret_words, names = _secret_words(source, manifest), source.names()
            return _Open(form_to_add(manifest, secret_words, tr, taken_names=names), manifest)

        self._background.run_query(read, on_result=self._take_form, on_error=self._explain, key="form")

    def edit(self, connection_id: str) -> None:
        """Open the form for a connection there is."""
        source, tr = self._source, self._tr

        def read() -> _Open:
            held = source.connection(connection_id)
            manifest = _manifest(source.kinds(), held.connector_id)
            return _Open(form_to_edit(held, manifest, _secret_words(source, manifest), tr), manifest, held)

        self._background.run_query(read, on_result=self._take_form, on_error=self._explain, key="form")

    def test(self, form_key: str, typed: Values) -> None:
        """Connect with what was typed, store nothing, and say what was found."""
        opened = self._open.get(form_key)
        if opened is None:
            return
        source, tr, surface = self._source, self._tr, self._surface
        draft = draft_of(opened.form, opened.manifest, opened.held, typed)
        surface.show_outcome(form_key, testing_words(tr), is_busy=True)
        self._tests[form_key] = self._background.run_query(
            lambda: words_of_test(source.test(draft), tr, _labels(opened.form)),
            on_result=lambda words: surface.show_outcome(form_key, words, is_busy=False),
            on_error=lambda error: surface.show_outcome(form_key, words_of_fault(error, tr), is_busy=False),
            key=f"test {form_key}",
        )

    def stop_test(self, form_key: str) -> None:
        """Wait no longer for a test."""
        if (test := self._tests.pop(form_key, None)) is not None:
            test.cancel()
        self._surface.show_outcome(form_key, None, is_busy=False)

    def save(self, form_key: str, typed: Values) -> None:
        """Keep what was typed, or say at which field it cannot stand."""
        opened = self._open.get(form_key)
        if opened is None:
            return
        source, tr, surface = self._source, self._tr, self._surface
        draft = draft_of(opened.form, opened.manifest, opened.held, typed)
        saving = TestWords(testing_words(tr).state, tr("Saving"))
        surface.show_outcome(form_key, saving, is_busy=True)
        self._background.run_change(
            lambda: source.save(draft),
            on_result=lambda outcome: self._take_outcome(opened, outcome),
            on_error=lambda error: surface.show_outcome(form_key, words_of_fault(error, tr), is_busy=False),
        )

    def close(self, form_key: str) -> None:
        """Give a form up with all that was typed into it."""
        self._forget(form_key)
        self._surface.close_form(form_key)

    def _take_kinds(self, kinds: ConnectorKinds) -> None:
        words = tuple(KindWords(one.id, one.title, one.summary) for one in kinds.manifests)
        self._surface.show_kinds(KindsState(words, kinds.faults))

    def _fail_kinds(self, error: OperatorError) -> None:
        message = PageMessage(error.message, error.next_step, self._tr("Try again"), is_failure=True)
        self._surface.show_kinds(message)

    def _take_form(self, opened: _Open) -> None:
        if opened.form.key not in self._open:
            self._open[opened.form.key] = opened
        self._surface.show_form(self._open[opened.form.key].form)

    def _take_outcome(self, opened: _Open, outcome: SaveOutcome) -> None:
        connection = outcome.connection
        if connection is None:
            words = words_of_problems(outcome.problems, self._tr, _labels(opened.form))
            self._surface.show_outcome(opened.form.key, words, is_busy=False)
            return
        self._forget(opened.form.key)
        words = self._tr("{name} is saved.") if opened.held else self._tr("{name} is saved and asked every {time}.")
        self._notify(words.format(name=connection.name, time=every_words(connection.poll_seconds)))
        self._surface.close_form(opened.form.key, saved_id=connection.id)

    def _forget(self, form_key: str) -> None:
        if (test := self._tests.pop(form_key, None)) is not None:
            test.cancel()
        self._open.pop(form_key, None)

    def _explain(self, error: OperatorError) -> None:
        self._notify(f"{error.message} {error.next_step}".strip())


def _labels(form: FormState) -> dict[str, str]:
    return {field.key: field.label for field in form.fields}


def _manifest(kinds: ConnectorKinds, connector_id: str) -> Manifest:
    for manifest in kinds.manifests:
        if manifest.id == connector_id:
            return manifest
    message = f"No connector called {connector_id} is installed."
    raise OperatorError(message, "Install it, or remove the connection.")


def _secret_words(source: SetupSource, manifest: Manifest) -> str:
    """Only asked for where there is a secret: it may have to look for a keyring."""
    return source.secret_words() if any(spec.secret for spec in manifest.settings) else ""
