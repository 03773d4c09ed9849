"""The list of integrations in words: why, since when, and what is not known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.health import HealthState
from quarterdeck.services.integrations import IntegrationList, IntegrationRow
from quarterdeck.ui.panels.integrations.expiry_words import common_name, expiry_state
from quarterdeck.ui.panels.integrations.state import IntegrationLine, IntegrationsState
from quarterdeck.ui.panels.integrations.words import group_note, integrations_state, summary_words
from quarterdeck.ui.theme.tokens import Tone
from tests.ui.panels.integrations.lists import ALL, CORE, EXPIRIES, FILES, PAYHUB, PUSH, STATEMENTS, claim, expiry
from tests.ui.panels.overview.reports import DAY, LIVE, before, row

H = HealthState


def state(*rows: IntegrationRow, **changes: object) -> IntegrationsState:
    return integrations_state(replace(IntegrationList(rows or ALL.rows), **changes), LIVE, str)


def line(made: IntegrationRow) -> IntegrationLine:
    return state(made).lines[0]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (CORE, "healthy · 6 d"),
        (PAYHUB, "error rate 38%, above 25%"),
        (FILES, "maintenance until 14:00"),
        (PUSH, "no fresh data since 12:10"),
        (replace(STATEMENTS, state=H.UNKNOWN, newest_at=None), "no data yet"),
        (replace(PAYHUB, cause="check:login", reason="HTTP 503 from PayHub."), "HTTP 503 from PayHub"),
        (
            replace(PAYHUB, cause="series:response_time:p95", reason="p95 response time 2.9 s, above 1.5 s"),
            "p95 2.9 s, above 1.5 s",
        ),
    ],
)
def test_the_state_column_says_why_or_for_how_long(made: IntegrationRow, words: str) -> None:
    assert line(made).why.words == words


def test_a_broken_integration_says_for_how_long_behind_why() -> None:
    assert (line(PAYHUB).since, line(CORE).since) == ("14 min", "")


def test_the_worst_state_sorts_first() -> None:
    ordered = sorted(state().lines, key=lambda one: one.why.rank)
    assert [one.state for one in ordered[:2]] == [H.DOWN, H.STALE]


def test_values_that_are_not_known_are_dashes_that_sort_last() -> None:
    push = line(PUSH)
    for cell in (push.response, push.errors, push.rate):
        assert cell.words == "—"
        assert math.isnan(cell.rank)


def test_figures_carry_their_unit() -> None:
    core = line(CORE)
    assert (core.response.words, core.errors.words, core.rate.words) == ("84 ms", "0.02%", "640")
    assert line(replace(CORE, requests_per_second=6.4)).rate.words == "6.40"


def test_another_statistic_than_the_title_says_is_named() -> None:
    assert line(replace(CORE, response_statistic="mean")).response.tip == "This is the mean response time"
    assert line(CORE).response.tip == ""


def test_availability_tells_its_ledger() -> None:
    available = line(CORE).available
    assert available.words == "99.65%"
    assert available.tip == (
        "Of 30 d: up 29 d, down 2 h\nCounted 29 d, excluded for maintenance 12 h, not measurable 9 h"
    )


def test_an_availability_over_little_known_time_is_quiet() -> None:
    thin = replace(CORE, ledger=Ledger(2 * DAY, 0.0, 0.0, 28 * DAY))
    assert (line(CORE).is_thin, line(thin).is_thin) == (False, True)


def test_a_claim_that_contradicts_the_measurement_says_disputed_and_quotes_both_sides() -> None:
    told = line(PAYHUB).claim
    assert (told.state, told.words, told.is_disputed) == (H.DEGRADED, "degraded · disputed", True)
    assert told.tip == "Says since 12:23: Elevated error rates\nMeasured here: down. Error rate 38%, above 25%"


def test_a_claim_that_agrees_is_one_word() -> None:
    assert (line(CORE).claim.words, line(CORE).claim.is_disputed) == ("up", False)


@pytest.mark.parametrize("made", [STATEMENTS, replace(CORE, claimed=claim(H.UNKNOWN))])
def test_no_claim_is_a_dash(made: IntegrationRow) -> None:
    assert (line(made).claim.state, line(made).claim.words) == (None, "—")


def test_data_age_counts_from_the_play_head_and_is_never_negative() -> None:
    assert line(PUSH).age.words == "22 min"
    assert line(replace(CORE, newest_at=before(-1))).age.words == "0 s"
    assert line(replace(CORE, newest_at=None)).age.words == "—"


def test_an_integration_without_partner_is_internal() -> None:
    assert (line(STATEMENTS).partner, line(STATEMENTS).is_internal) == ("internal", True)
    assert (line(CORE).partner, line(CORE).is_internal) == ("Northgate", False)


def test_the_line_over_the_range_is_told_in_words() -> None:
    made = replace(CORE, spark=np.array([0.04, np.nan, 0.12]))
    assert line(made).spark_tip == "Response time over 6 h: 40 ms to 120 ms"


def test_the_summary_counts_only_what_is_there() -> None:
    assert summary_words([H.HEALTHY] * 3, str) == "3 integrations · 3 fresh"
    assert summary_words([H.HEALTHY, H.STALE, H.UNKNOWN], str) == "3 integrations · 1 fresh · 1 stale · 1 without data"
    assert summary_words([H.HEALTHY], str) == "1 integration · 1 fresh"


def test_while_nobody_collects_none_is_fresh_not_even_maintenance() -> None:
    told = state(silent_since_at=before(22))
    assert told.summary == "5 integrations · none fresh"
    assert told.stale == "Nothing is collecting: no fresh data since 12:10"
    assert (told.attention_count, told.worst) == (0, "")


def test_a_group_says_what_is_wrong_in_it_the_worst_first() -> None:
    assert group_note([H.HEALTHY, H.DEGRADED, H.DOWN, H.MAINTENANCE], str) == (
        "4 integrations · 1 down, 1 degraded, 1 in maintenance"
    )
    assert group_note([H.HEALTHY], str) == "1 integration"


def test_the_rail_counts_what_needs_attention() -> None:
    assert (state().attention_count, state().worst) == (2, "down")
    assert (state(CORE).attention_count, state(CORE).worst) == (0, "")


def test_two_states_of_the_same_list_are_equal() -> None:
    assert state() == state()


def test_certificates_say_how_long_and_until_when() -> None:
    told = {one.name: one for one in expiry_state(EXPIRIES, LIVE, str).lines}
    assert (told["PayHub"].left.words, told["PayHub"].left_tone) == ("9 d", Tone.DEGRADED)
    assert (told["Carillon"].left.words, told["Carillon"].left_tone) == ("expired 3 d ago", Tone.DOWN)
    assert told["Northgate"].ends.words == "24 Jan 2027"
    assert (told["PayHub"].subject, told["PayHub"].issuer) == ("core.example", "Meridian CA 3")


def test_a_certificate_that_nobody_vouches_for_says_so() -> None:
    told = expiry_state((expiry("Relay", 30.0, is_verified=False),), LIVE, str)
    assert (told.lines[0].issuer, told.lines[0].issuer_tone) == ("not trusted: Meridian CA 3", Tone.DEGRADED)
    assert told.summary == "1 certificate · 1 that nobody vouches for"


def test_the_summary_of_certificates_counts_the_ended_and_the_near() -> None:
    assert expiry_state(EXPIRIES, LIVE, str).summary == "3 certificates · 1 expired · 1 near the end"


def test_several_certificates_of_one_entity_are_told_apart() -> None:
    told = expiry_state((expiry("PayHub", 9.0, label="login"), expiry("PayHub", 9.0, label="files")), LIVE, str)
    assert [one.name for one in told.lines] == ["PayHub · login", "PayHub · files"]
    assert len({one.id for one in told.lines}) == 2


@pytest.mark.parametrize(
    ("distinguished", "name"),
    [("CN=a.example,O=A", "a.example"), ("O=A, CN=a.example", "a.example"), ("O=A", "O=A"), ("", "")],
)
def test_a_distinguished_name_is_told_by_its_common_name(distinguished: str, name: str) -> None:
    assert common_name(distinguished) == name


def test_an_entity_without_a_domain_stands_under_a_heading_of_its_own() -> None:
    assert line(row("A", domain="")).domain == "No domain"
