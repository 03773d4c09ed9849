"""What every connector's settings share: defaults, bounds, entity keys, credentials, and texts fit to keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.access import credential_headers, limits_of, tls_policy
from quarterdeck.sdk.connector import ConnectionSettings
from quarterdeck.sdk.errors import Denied, UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.texts import counted, one_line, plain_text, size_words
from quarterdeck.sdk.tls import TlsPolicy
from quarterdeck.sdk.validation import entity_key, is_entity_key, manifest_problems, with_defaults

MANIFEST = Manifest.model_validate(
    {
        "id": "x",
        "version": "1",
        "sdk": 1,
        "title": "X",
        "summary": "X.",
        "records": ["samples"],
        "settings": [
            {"key": "address", "label": "Address", "required": True},
            {"key": "token", "label": "Token", "required": True, "secret": True},
            {"key": "every", "label": "Every", "kind": "duration", "default": 5, "minimum": 1, "maximum": 60},
            {"key": "least", "label": "Least", "kind": "number", "minimum": 2},
            {"key": "most", "label": "Most", "kind": "number", "maximum": 9},
            {"key": "mode", "label": "Mode", "kind": "choice", "choices": ["a", "b"], "default": "a"},
        ],
    }
)


def settings(secrets: dict[str, str] | None = None, **values: SettingValue) -> ConnectionSettings:
    return ConnectionSettings(values, secrets or {})


def test_defaults_stand_where_nothing_is_set() -> None:
    complete = with_defaults(MANIFEST, settings(address="x", every="", mode="b"))
    assert dict(complete.values) == {"address": "x", "every": 5, "mode": "b"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Address is needed."),
        ({"address": "x", "every": 0}, "Every lies between 1 and 60."),
        ({"address": "x", "every": "nan"}, "Every lies between 1 and 60."),
        ({"address": "x", "every": "soon"}, "Every is a number."),
        ({"address": "x", "least": 1}, "Least is at least 2."),
        ({"address": "x", "most": 10}, "Most is at most 9."),
        ({"address": "x", "mode": "c"}, "Mode is one of: a, b."),
        ({"address": "x", "adress": "y"}, "There is no setting called adress."),
    ],
)
def test_what_the_manifest_forbids_is_told_in_words(values: dict[str, SettingValue], words: str) -> None:
    found = manifest_problems(MANIFEST, settings({"token": "t"}, **values))
    assert [problem.words for problem in found] == [words]


def test_a_secret_that_is_needed_is_asked_for() -> None:
    assert [problem.key for problem in manifest_problems(MANIFEST, settings(address="x"))] == ["token"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("partner/payhub", "partner/payhub"),
        ("event_type/payment.submitted", "event_type/payment.submitted"),
        ("Payments API", "service/payments-api"),
        ("  Ärger & Co. ", "service/rger-co"),
        ("thing/x", "service/thing-x"),
        ("---", ""),
        ("", ""),
        ("a" * 500, "service/" + "a" * 120),
    ],
)
def test_a_sources_name_becomes_the_key_of_an_entity(text: str, key: str) -> None:
    assert entity_key(text, "service") == key


@given(st.text())
def test_any_text_becomes_a_key_or_nothing(text: str) -> None:
    key = entity_key(text, "component")
    assert key == "" or is_entity_key(key)


def test_a_token_goes_as_bearer_or_bare_in_a_header_of_its_own() -> None:
    assert credential_headers(settings({"token": "t "})) == {"Authorization": "Bearer t"}
    assert credential_headers(settings({"token": "t"}, token_header="X-Api-Key")) == {"X-Api-Key": "t"}
    assert credential_headers(settings({"password": "p"}, username="u")) == {"Authorization": "Basic dTpw"}
    assert credential_headers(settings()) == {}


def test_limits_and_policy_come_from_the_usual_settings() -> None:
    limits = limits_of(settings(timeout_seconds=3, max_megabytes=0.5))
    assert (limits.deadline_seconds, limits.max_bytes) == (3.0, 500_000)
    assert tls_policy(settings(verify=False, ca_file="/ca.pem")) == TlsPolicy(verify=False, ca_file="/ca.pem")
    assert tls_policy(settings()) == TlsPolicy()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept these credentials"),
        (403, "may not be read with this login"),
        (404, "has nothing at /x"),
        (429, "wants to be asked less often"),
        (503, "answers HTTP 503 Service Unavailable"),
        (799, "answers HTTP 799."),
    ],
)
def test_a_bad_status_is_told_in_words(status: int, words: str) -> None:
    with pytest.raises((Denied, UnexpectedReply), match=words):
        HttpReply(status, {}, b"", "http://a.test/x?secret=1").refuse_bad_status()


def test_text_from_outside_becomes_plain_and_short() -> None:
    assert plain_text("a\x00b\u202ec\ud800d\te\nf") == "a b c d\te\nf"
    assert plain_text("x" * 20, 10) == "xxxxxxxxx…"
    assert one_line(" a\n\n b\u2028c ") == "a b c"
    assert plain_text(None) == "None"


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (4020, "4 kB"), (1.25e6, "1.2 MB"), (5e12, "5000 GB")]
)
def test_a_size_is_told_as_a_person_says_it(size: float, words: str) -> None:
    assert size_words(size) == words


def test_a_count_goes_with_its_noun() -> None:
    assert (counted(1, "event"), counted(1204, "event"), counted(0, "entity", "entities")) == (
        "1 event",
        "1,204 events",
        "0 entities",
    )
