"""Setting up connections: what a draft is told, what a test says, and where the parts of a saved one go."""

from dataclasses import replace
from itertools import count

import pytest

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.sdk.connector import CheckReport, PreviewRow, SettingProblem
from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http import HttpClients
from quarterdeck.sdk.manifest import Manifest, RecordKind, SettingSpec
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.connection_drafts import NAME_KEY, POLL_KEY, ConnectionDraft, draft_of_form, unused_name
from quarterdeck.services.connections import ANOTHER_SOURCE, ConnectionSetup, ConnectorTools
from tests.support.fakes import MemoryRegistry, MemorySecrets, MemoryStore, ScriptedConnector
from tests.support.guards.logs import ExpectedLogs

MANIFEST = Manifest(
    id="feed",
    version="1.0.0",
    sdk=1,
    title="Feed",
    summary="A feed.",
    records=(RecordKind.EVENTS,),
    poll_seconds=20.0,
    settings=(
        SettingSpec(key="address", label="Address", required=True, identifies=True),
        SettingSpec(key="token", label="Token", secret=True),
        SettingSpec(key="limit", label="Limit", kind=SettingKind.NUMBER, default=100, minimum=1, maximum=500),
        SettingSpec(
            key="mode", label="Mode", kind=SettingKind.CHOICE, choices=("all", "new"), default="new", identifies=True
        ),
    ),
)
OTHER = MANIFEST.model_copy(update={"id": "another", "title": "another feed"})


class Bench:
    """The service over memory, with a connector that does what it is told."""

    def __init__(self) -> None:
        self.store, self.secrets, self.connector = MemoryStore(), MemorySecrets(), ScriptedConnector()
        self.registry = MemoryRegistry(
            LoadedConnector(MANIFEST, self.connector), LoadedConnector(OTHER, self.connector)
        )
        ticks = count(0.0, 0.084)
        tools = ConnectorTools(
            self.registry, StandingClock(), HttpClients(), check_seconds=0.05, stopwatch=lambda: next(ticks)
        )
        self.setup = ConnectionSetup(self.store, self.secrets, tools)

    def saved(self, draft: ConnectionDraft) -> Connection:
        outcome = self.setup.save(draft)
        assert outcome.connection is not None, outcome.problems
        return outcome.connection


@pytest.fixture
def bench() -> Bench:
    return Bench()


def draft(name: str = "Bank feed", **values: str | float) -> ConnectionDraft:
    return draft_of_form(MANIFEST, name, {"address": "https://bank.test/", **values})


def test_the_kinds_are_listed_by_title_without_running_their_code(bench: Bench) -> None:
    assert [manifest.title for manifest in bench.setup.kinds().manifests] == ["another feed", "Feed"]
    assert bench.registry.load_count == 0


@pytest.mark.parametrize(
    ("faulty", "key"),
    [
        (draft(name="  "), NAME_KEY),
        (draft(name="x" * 121), NAME_KEY),
        (draft(name="a\nb"), NAME_KEY),
        (replace(draft(), poll_seconds=0.5), POLL_KEY),
        (replace(draft(), poll_seconds=float("nan")), POLL_KEY),
        (draft(address=""), "address"),
        (draft(limit=501), "limit"),
        (draft(limit="many"), "limit"),
        (draft(mode="some"), "mode"),
        (draft(colour="red"), "colour"),
    ],
)
def test_a_mistake_is_told_at_its_field_before_the_connector_is_asked(
    bench: Bench, faulty: ConnectionDraft, key: str
) -> None:
    (problem,) = bench.setup.problems(faulty)
    assert problem.key == key
    assert problem.words.endswith(".")
    assert bench.connector.judged == []


def test_the_connector_judges_what_the_form_cannot(bench: Bench) -> None:
    bench.connector.problems = (SettingProblem("address", "It must end in /v2."),)
    assert bench.setup.problems(draft()) == bench.connector.problems


def test_a_test_says_what_was_found_and_stores_nothing(bench: Bench) -> None:
    bench.connector.report = CheckReport(
        "Feed 2.1, <b>bold</b>\x1b[2J",
        (PreviewRow("payment\nsubmitted", "events", 12),),
        ("Its clock is off.",),
        "31 M",
    )
    tested = bench.setup.test(draft(token="s3cret"))
    assert tested.passed
    assert tested.words == "Feed 2.1, <b>bold</b> [2J"
    assert tested.preview == (PreviewRow("payment submitted", "events", 12),)
    assert tested.remarks == ("Its clock is off.",)
    assert tested.duration_ms == pytest.approx(84.0)
    (context,) = bench.connector.contexts
    assert context.settings.secret("token") == "s3cret"
    assert context.settings.number("limit") == 100
    assert bench.store.writer.write_count == 0
    assert bench.secrets.kept == {}


def test_a_draft_with_mistakes_is_not_sent_anywhere(bench: Bench) -> None:
    tested = bench.setup.test(draft(limit=0))
    assert not tested.passed
    assert [problem.key for problem in tested.problems] == ["limit"]
    assert bench.connector.contexts == []


def test_a_source_that_refuses_is_told_with_the_next_step(bench: Bench) -> None:
    bench.connector.fault = Denied("The login is not accepted.", "Give another token.")
    tested = bench.setup.test(draft())
    assert (tested.passed, tested.words, tested.next_step) == (
        False,
        "The login is not accepted.",
        "Give another token.",
    )


@pytest.mark.parametrize(
    ("fault", "key"),
    [(Denied, "token"), (Unreachable, "address"), (UnexpectedReply, "address"), (Misconfigured, "")],
    ids=["denied", "unreachable", "unexpected", "misconfigured"],
)
def test_a_source_that_fails_points_at_the_setting_to_look_at(
    bench: Bench, fault: type[ConnectorError], key: str
) -> None:
    bench.connector.fault = fault("It failed.", "Look.")
    tested = bench.setup.test(draft())
    assert tested.problems == ((SettingProblem(key, "It failed."),) if key else ())


def test_a_name_that_is_taken_is_numbered() -> None:
    assert unused_name("HTTP probe", ()) == "HTTP probe"
    assert unused_name("HTTP probe", ("http probe", "HTTP probe 2")) == "HTTP probe 3"


def test_the_connections_tell_their_names(bench: Bench) -> None:
    bench.saved(draft("Bank feed"))
    assert bench.setup.names() == ("Bank feed",)


def test_a_silent_source_ends_the_test_within_its_limit(bench: Bench) -> None:
    bench.connector.is_silent = True
    tested = bench.setup.test(draft())
    assert not tested.passed
    assert tested.words == "No result within 0.05 s."


def test_a_broken_connector_is_told_as_such_and_logged(bench: Bench, logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.services", "the connector feed failed")
    bench.connector.fault = ZeroDivisionError()
    tested = bench.setup.test(draft())
    assert not tested.passed
    assert tested.words == "The connector feed failed: ZeroDivisionError."


def test_a_connector_that_is_not_installed_fails_the_test_in_words(bench: Bench) -> None:
    tested = bench.setup.test(replace(draft(), connector_id="absent"))
    assert "No connector called absent" in tested.words


def test_saving_parts_the_secrets_from_the_rest(bench: Bench) -> None:
    saved = bench.saved(draft(token="s3cret"))
    assert saved == Connection(
        id="bank-feed",
        connector_id="feed",
        name="Bank feed",
        settings=(("address", "https://bank.test/"),),
        secret_names=("token",),
        poll_seconds=20.0,
    )
    assert bench.store.connections() == (saved,)
    assert bench.secrets.kept == {("bank-feed", "token"): "s3cret"}


def test_a_draft_with_problems_is_not_saved(bench: Bench) -> None:
    outcome = bench.setup.save(draft(limit=0))
    assert outcome.connection is None
    assert outcome.problems
    assert bench.store.connections() == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Bank feed", "bank-feed-2"), ("Büro / Straße", "buro-strae"), ("銀行", "connection"), ("--", "connection")],
)
def test_a_connection_gets_a_stable_id_of_its_own(bench: Bench, name: str, expected: str) -> None:
    bench.saved(draft())
    assert bench.saved(draft(name)).id == expected


def test_editing_keeps_the_id_and_the_secret_that_was_not_typed_again(bench: Bench) -> None:
    bench.saved(draft(token="s3cret"))
    edited = replace(bench.setup.draft("bank-feed"), name="Renamed", secrets=(("token", ""),))
    assert bench.saved(edited).id == "bank-feed"
    assert bench.secrets.kept == {("bank-feed", "token"): "s3cret"}
    bench.setup.test(edited)
    assert bench.connector.contexts[-1].settings.secret("token") == "s3cret"


def test_editing_replaces_a_secret_that_was_typed(bench: Bench) -> None:
    bench.saved(draft(token="old"))
    bench.saved(replace(bench.setup.draft("bank-feed"), secrets=(("token", "new"),)))
    assert bench.secrets.kept == {("bank-feed", "token"): "new"}


def test_saving_a_form_that_only_filled_in_defaults_writes_nothing(bench: Bench) -> None:
    bench.saved(draft())
    filled = draft_of_form(
        MANIFEST,
        "Bank feed",
        {"address": "https://bank.test/", "limit": 100.0, "mode": "new"},
        connection_id="bank-feed",
    )
    bench.saved(filled)
    assert bench.store.writer.write_count == 1


def test_a_removed_connection_cannot_be_edited(bench: Bench) -> None:
    with pytest.raises(OperatorError, match="no connection gone"):
        bench.setup.save(replace(draft(), connection_id="gone"))


def test_nothing_is_stored_when_the_keyring_refuses(bench: Bench) -> None:
    bench.secrets.is_locked = True
    with pytest.raises(OperatorError, match="locked"):
        bench.setup.save(draft(token="s3cret"))
    assert bench.store.connections() == ()


def test_no_secret_stays_behind_when_the_store_refuses(bench: Bench) -> None:
    bench.store.writer.is_refusing = True
    with pytest.raises(StoreUnavailable):
        bench.setup.save(draft(token="s3cret"))
    assert bench.secrets.kept == {}


def test_a_connection_is_switched_off_and_on(bench: Bench) -> None:
    bench.saved(draft())
    assert not bench.setup.set_enabled("bank-feed", enabled=False).enabled
    assert bench.setup.set_enabled("bank-feed", enabled=True).enabled


def test_removing_forgets_the_secrets_too(bench: Bench) -> None:
    bench.saved(draft(token="s3cret"))
    assert bench.setup.remove("bank-feed") == ""
    assert bench.store.connections() == ()
    assert bench.secrets.kept == {}


def test_removing_says_when_the_secrets_could_not_be_forgotten(bench: Bench) -> None:
    bench.saved(draft(token="s3cret"))
    bench.secrets.is_locked = True
    assert "its secrets are still kept" in bench.setup.remove("bank-feed")
    assert bench.store.connections() == ()


@pytest.fixture
def declared(bench: Bench) -> Connection:
    """A connection that an estate document declares, with the name of a secret."""
    connection = Connection(
        "bank-feed", "feed", "Bank feed", (("address", "https://bank.test/"),), ("token",), managed_by="demo-bank"
    )
    bench.store.kept[connection.id] = connection
    return connection


def test_a_declared_connection_takes_its_secrets_here(bench: Bench, declared: Connection) -> None:
    assert bench.saved(replace(bench.setup.draft(declared.id), secrets=(("token", "s3cret"),))) == declared
    assert bench.secrets.kept == {("bank-feed", "token"): "s3cret"}
    assert bench.store.writer.write_count == 0


def test_a_declared_connection_is_changed_in_its_document_only(bench: Bench, declared: Connection) -> None:
    for change in (lambda: bench.setup.save(replace(bench.setup.draft(declared.id), name="Other")),
                   lambda: bench.setup.remove(declared.id)):  # fmt: skip
        with pytest.raises(OperatorError, match="declared by the estate document demo-bank"):
            change()
    assert bench.store.connections() == (declared,)


def test_a_stored_connection_is_tested_as_it_is(bench: Bench, declared: Connection) -> None:
    assert bench.setup.test_saved(declared.id).passed
    with pytest.raises(OperatorError):
        bench.setup.test_saved("gone")


def test_secrets_do_not_show_in_what_is_printed_of_a_draft() -> None:
    assert "s3cret" not in repr(draft(token="s3cret"))


def test_where_secrets_go_is_said_before_one_is_given(bench: Bench) -> None:
    assert bench.setup.secret_words() == "Kept in memory, never in the store."
    bench.secrets.is_locked = True
    assert bench.setup.secret_words() == "Nothing here keeps a secret safely."


@pytest.mark.parametrize(
    ("changed", "begins_anew"),
    [
        ({"address": "https://other.test/"}, True),
        ({"mode": "all"}, True),
        ({"mode": "new"}, False),
        ({"limit": 7}, False),
    ],
)
def test_only_another_source_begins_anew(bench: Bench, changed: dict[str, str | float], *, begins_anew: bool) -> None:
    saved = bench.saved(draft())
    values = {"address": "https://bank.test/", **changed}
    edited = draft_of_form(MANIFEST, "Bank feed", values, connection_id=saved.id)
    assert (ANOTHER_SOURCE in bench.setup.test(edited).remarks) is begins_anew
    bench.saved(edited)
    assert bench.store.writer.begun_anew == [saved.id] * begins_anew


def test_a_renamed_connection_goes_on_where_it_stood(bench: Bench) -> None:
    saved = bench.saved(draft())
    bench.saved(replace(draft("Renamed", limit=100), connection_id=saved.id))
    assert bench.store.writer.begun_anew == []
