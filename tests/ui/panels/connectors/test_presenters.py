"""What the Connectors panel loads, tries out, keeps and removes, and what it says of it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.domain.health import HealthState
from quarterdeck.sdk.connector import SettingProblem
from quarterdeck.services.connection_drafts import NAME_KEY, POLL_KEY
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.connectors.presenter import ConnectorsPresenter
from quarterdeck.ui.panels.connectors.setup_presenter import SetupPresenter
from quarterdeck.ui.panels.connectors.state import (
    ConnectorsState,
    FieldValue,
    FormState,
    KindsState,
    PageMessage,
    TestWords,
)
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.connectors.lists import (
    KEEPING,
    LIVE,
    LOCKED,
    NOON,
    REFUSED,
    ScriptedSetup,
    ScriptedSources,
    ago,
    connection,
    row,
    source_list,
)

TYPED: dict[str, FieldValue] = {
    NAME_KEY: "Bank metrics",
    POLL_KEY: 30.0,
    "address": "https://metrics.bank",
    "token": "secret",
    "history_days": 90,
    "verify": False,
}


@dataclass
class Surface:
    """Keeps all that either presenter shows."""

    pages: list[ConnectorsState | PageMessage] = field(default_factory=list)
    loadings: int = 0
    old: list[str] = field(default_factory=list)
    saved_tests: list[tuple[str, TestWords | None]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    kinds: list[KindsState | PageMessage | None] = field(default_factory=list)
    forms: list[FormState] = field(default_factory=list)
    outcomes: list[tuple[str, TestWords | None, bool]] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)

    def show_loading(self) -> None:
        self.loadings += 1

    def show_page(self, page: ConnectorsState | PageMessage) -> None:
        self.pages.append(page)

    def show_old(self, since: str) -> None:
        self.old.append(since)

    def show_saved_test(self, connection_id: str, test: TestWords | None) -> None:
        self.saved_tests.append((connection_id, test))

    def show_kinds(self, state: KindsState | PageMessage | None) -> None:
        self.kinds.append(state)

    def show_form(self, form: FormState) -> None:
        self.forms.append(form)

    def show_outcome(self, form_key: str, outcome: TestWords | None, *, is_busy: bool) -> None:
        self.outcomes.append((form_key, outcome, is_busy))

    def close_form(self, form_key: str, *, saved_id: str = "") -> None:
        self.closed.append((form_key, saved_id))

    @property
    def outcome(self) -> TestWords:
        """The newest outcome in a form."""
        words = self.outcomes[-1][1]
        assert words is not None
        return words


class Bench:
    def __init__(self) -> None:
        self.source, self.setup = ScriptedSources(), ScriptedSetup()
        self.background, self.surface = HeldBackground(), Surface()
        self.presenter = ConnectorsPresenter(
            self.source,
            self.setup,
            self.background,
            self.surface,
            now=lambda: NOON,
            notify=self.surface.said.append,
            tr=str,
        )
        say = self.surface.said.append
        self.forms = SetupPresenter(self.setup, self.background, self.surface, notify=say, tr=str)

    def opened(self, connector_id: str = "prometheus") -> FormState:
        """An open form for a new connection."""
        self.forms.add(connector_id)
        self.background.finish()
        return self.surface.forms[-1]

    def editing(self, **changes: Any) -> FormState:
        """An open form for the connection there is."""
        self.setup.held["metrics"] = connection(**changes)
        self.forms.edit("metrics")
        self.background.finish()
        return self.surface.forms[-1]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_list_is_loaded_with_the_present_when_the_play_head_is_in_the_past(bench: Bench) -> None:
    past = replace(LIVE, at=ago(hours=3), live=False)
    bench.presenter.show_moment(past)
    bench.background.finish()
    assert bench.source.asked == [(past, NOON)]
    assert isinstance(bench.surface.pages[0], ConnectorsState)


def test_without_a_connection_the_page_offers_to_add_one(bench: Bench) -> None:
    bench.source.answer = source_list()
    bench.presenter.show_moment(LIVE)
    bench.background.finish()
    page = bench.surface.pages[0]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("No source is connected yet", "Add connection")


def test_the_skeleton_stands_only_where_nothing_was_shown_before(bench: Bench) -> None:
    bench.presenter.show_moment(LIVE)
    bench.background.finish()
    bench.presenter.show_moment(replace(LIVE, at=NOON + timedelta(seconds=3)))
    assert bench.surface.loadings == 1


def test_news_of_other_things_is_not_read_for(bench: Bench) -> None:
    bench.presenter.refresh(LIVE, frozenset({Topic.EVENTS, Topic.STATES}))
    assert bench.background.active == []
    bench.presenter.refresh(LIVE, frozenset({Topic.CONNECTION_HEALTH}))
    assert len(bench.background.active) == 1
    bench.presenter.refresh(LIVE, frozenset())
    bench.background.finish()
    assert len(bench.source.asked) == 2


def test_a_list_that_cannot_be_read_says_why_and_a_refresh_that_fails_keeps_it_as_old(bench: Bench) -> None:
    bench.source.fault = LOCKED
    bench.presenter.show_moment(LIVE)
    bench.background.finish()
    page = bench.surface.pages[0]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.explanation, page.is_failure) == (LOCKED.message, LOCKED.next_step, True)
    bench.source.fault = None
    bench.presenter.reload()
    bench.background.finish()
    bench.source.fault = LOCKED
    bench.presenter.refresh(replace(LIVE, at=NOON + timedelta(seconds=5)), frozenset({Topic.CONNECTIONS}))
    bench.background.finish()
    assert bench.surface.old[0].startswith("The keyring is locked. Shown as of ")


def test_disabling_and_enabling_are_done_told_and_shown(bench: Bench) -> None:
    bench.presenter.show_moment(LIVE)
    bench.presenter.set_enabled("metrics", enabled=False)
    bench.background.finish()
    assert bench.setup.held["metrics"].enabled is False
    assert bench.surface.said == ["Metrics is disabled."]
    assert len(bench.surface.pages) == 2


def test_removing_tells_that_what_was_delivered_stays_or_what_was_left_behind(bench: Bench) -> None:
    bench.presenter.remove("metrics", "Metrics")
    bench.background.finish()
    assert bench.surface.said == ["Metrics is removed. What it delivered stays."]
    bench.setup.held["metrics"] = connection()
    bench.setup.remainder = "Metrics is removed, but its secrets are still kept."
    bench.presenter.remove("metrics", "Metrics")
    bench.background.finish()
    assert bench.surface.said[-1] == bench.setup.remainder


def test_a_change_that_is_refused_is_told_with_the_next_step(bench: Bench) -> None:
    bench.setup.fault = LOCKED
    bench.presenter.remove("metrics", "Metrics")
    bench.background.finish()
    assert bench.surface.said == ["The keyring is locked. Unlock it."]


def test_a_connection_is_tested_as_it_is_stored(bench: Bench) -> None:
    bench.presenter.test("metrics")
    assert bench.surface.saved_tests[-1][1] is not None
    bench.background.finish()
    outcome = bench.surface.saved_tests[-1][1]
    assert outcome is not None
    assert outcome.title == "Test passed in 84 ms"


def test_a_test_that_is_stopped_is_not_heard_any_more(bench: Bench) -> None:
    bench.presenter.test("metrics")
    bench.presenter.stop_test("metrics")
    bench.background.finish()
    assert bench.surface.saved_tests[-1] == ("metrics", None)


def test_the_kinds_are_listed_with_what_cannot_be_read(bench: Bench) -> None:
    bench.setup.faults = ("The manifest of old_one cannot be read.",)
    bench.forms.list_kinds()
    bench.background.finish()
    waiting, found = bench.surface.kinds
    assert waiting is None
    assert isinstance(found, KindsState)
    assert next((kind.id, kind.title) for kind in found.kinds) == ("prometheus", "Prometheus query API")
    assert found.faults == bench.setup.faults


def test_kinds_that_cannot_be_told_say_why(bench: Bench) -> None:
    bench.setup.fault = LOCKED
    bench.forms.list_kinds()
    bench.background.finish()
    message = bench.surface.kinds[-1]
    assert isinstance(message, PageMessage)
    assert message.is_failure


def test_a_form_is_drawn_from_the_manifest_with_name_and_interval(bench: Bench) -> None:
    form = bench.opened()
    assert form.title == "Add connection · Prometheus query API"
    keys = [one.key for one in form.fields]
    assert keys == [NAME_KEY, "address", "token", "history_days", "mode", POLL_KEY, "verify"]
    assert [one.key for one in form.fields if one.is_advanced] == ["verify"]
    assert dict(form.values)[POLL_KEY] == 15.0


def test_a_secret_says_where_it_will_truly_be_kept(bench: Bench) -> None:
    token = next(one for one in bench.opened().fields if one.key == "token")
    assert (token.hint, token.is_secret, token.is_required) == (f"Sent as a bearer token. {KEEPING}", True, True)


def test_no_keyring_is_looked_for_where_there_is_no_secret(bench: Bench) -> None:
    bench.opened("this_machine")
    assert bench.setup.secret_asks == 0


def test_what_was_typed_is_tested_and_nothing_is_stored(bench: Bench) -> None:
    key = bench.opened().key
    bench.forms.test(key, TYPED)
    assert bench.surface.outcomes[-1] == (key, bench.surface.outcome, True)
    bench.background.finish()
    draft = bench.setup.tested[0]
    assert (draft.name, draft.poll_seconds, draft.given_secrets) == ("Bank metrics", 30.0, {"token": "secret"})
    assert dict(draft.settings) == {"address": "https://metrics.bank", "history_days": 90, "verify": False}
    assert bench.setup.saved == []


def test_a_test_that_passed_tells_how_long_what_was_found_and_what_would_come(bench: Bench) -> None:
    bench.forms.test(bench.opened().key, TYPED)
    bench.background.finish()
    outcome = bench.surface.outcome
    assert (outcome.state, outcome.title) == (HealthState.HEALTHY, "Test passed in 84 ms")
    assert outcome.remarks == ("The clock is 0.3 s behind.",)
    assert [(one.name, one.note) for one in outcome.preview] == [("http_requests_total", "throughput · 1,318")]
    assert bench.surface.outcomes[-1][2] is False


def test_a_test_that_failed_tells_what_is_wrong_and_the_next_step(bench: Bench) -> None:
    bench.setup.outcome = REFUSED
    bench.forms.test(bench.opened().key, TYPED)
    bench.background.finish()
    outcome = bench.surface.outcome
    assert (outcome.state, outcome.title) == (HealthState.DOWN, "Test failed after 2.1 s")
    assert (outcome.words, outcome.next_step) == ("The server refuses the token.", "Give another one.")


def test_problems_found_by_a_test_belong_to_their_fields(bench: Bench) -> None:
    problems = (SettingProblem("address", "This is no address."),)
    bench.setup.outcome = replace(REFUSED, problems=problems, duration_ms=0.0)
    bench.forms.test(bench.opened().key, TYPED)
    bench.background.finish()
    assert bench.surface.outcome.title == "Test failed: Address"
    assert bench.surface.outcome.faults == (("address", "This is no address."),)


def test_a_test_that_is_stopped_leaves_the_form_as_it_was(bench: Bench) -> None:
    key = bench.opened().key
    bench.forms.test(key, TYPED)
    bench.forms.stop_test(key)
    bench.background.finish()
    assert bench.surface.outcomes[-1] == (key, None, False)


def test_saving_keeps_closes_the_form_and_says_how_often_it_is_asked(bench: Bench) -> None:
    key = bench.opened().key
    bench.forms.save(key, TYPED)
    bench.background.finish()
    assert bench.setup.saved[0].connector_id == "prometheus"
    assert bench.surface.closed == [(key, "new-one")]
    assert bench.surface.said == ["Bank metrics is saved and asked every 15 s."]


def test_what_cannot_stand_is_not_saved_and_the_form_stays(bench: Bench) -> None:
    bench.setup.problems = (SettingProblem("address", "This is no address."), SettingProblem("", "Not both."))
    bench.forms.save(bench.opened().key, TYPED)
    bench.background.finish()
    assert bench.surface.closed == []
    assert (bench.surface.outcome.title, bench.surface.outcome.words) == ("Not saved yet: Address", "Not both.")
    assert ("address", "This is no address.") in bench.surface.outcome.faults


def test_a_keyring_that_refuses_is_told_in_the_form(bench: Bench) -> None:
    form = bench.opened()
    bench.setup.fault = LOCKED
    bench.forms.save(form.key, TYPED)
    bench.background.finish()
    assert (bench.surface.outcome.title, bench.surface.outcome.next_step) == ("Not saved", "Unlock it.")


def test_editing_begins_with_what_is_stored_and_leaves_an_empty_secret_alone(bench: Bench) -> None:
    form = bench.editing()
    token = next(one for one in form.fields if one.key == "token")
    assert (token.is_required, token.placeholder) == (False, "unchanged")
    assert token.hint.startswith("Sent as a bearer token. Leave it empty and it stays as it is.")
    assert dict(form.values)["address"] == "https://metrics.test"
    assert "token" not in dict(form.values)
    bench.forms.save(form.key, {NAME_KEY: "Metrics", POLL_KEY: 15.0, "address": "https://metrics.test"})
    bench.background.finish()
    assert (bench.setup.saved[0].connection_id, bench.setup.saved[0].given_secrets) == ("metrics", {})
    assert bench.surface.closed == [(form.key, "metrics")]
    assert bench.surface.said == ["Metrics is saved."]


def test_of_a_declared_connection_only_the_secrets_it_names_can_be_set(bench: Bench) -> None:
    form = bench.editing(managed_by="demo-bank")
    assert [one.key for one in form.fields] == ["token"]
    assert form.remark == "The estate document demo-bank declares this connection; only its secrets are set here."
    assert [(one.label, one.value) for one in form.fixed] == [
        ("Asked", "every 15 s"),
        ("Address", "https://metrics.test"),
        ("History", "90"),
    ]
    bench.forms.save(form.key, {"token": "another"})
    bench.background.finish()
    saved = bench.setup.saved[0]
    assert (saved.settings, saved.given_secrets) == (connection().settings, {"token": "another"})


def test_a_form_that_is_open_is_shown_again_as_it_was_made(bench: Bench) -> None:
    first = bench.opened()
    bench.setup.manifests = ()
    bench.forms.add("prometheus")
    bench.background.finish()
    assert bench.surface.said == ["No connector called prometheus is installed. Install it, or remove the connection."]
    bench.setup.manifests = ScriptedSetup().manifests
    assert bench.opened() is first


def test_a_form_that_was_closed_hears_no_more_of_its_test(bench: Bench) -> None:
    key = bench.opened().key
    bench.forms.test(key, TYPED)
    bench.forms.close(key)
    count = len(bench.surface.outcomes)
    bench.background.finish()
    assert len(bench.surface.outcomes) == count
    bench.forms.test(key, TYPED)
    assert bench.background.active == []


def test_rows_are_told_of_the_moment_they_were_read_for(bench: Bench) -> None:
    bench.source.answer = source_list(row(), row(connection("probe")))
    bench.presenter.show_moment(LIVE)
    bench.background.finish()
    page = bench.surface.pages[0]
    assert isinstance(page, ConnectorsState)
    assert [one.id for one in page.rows] == ["metrics", "probe"]
