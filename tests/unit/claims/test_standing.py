"""When a partner's words and our measurement cannot both be true."""

import pytest

from quarterdeck.domain.claims import contradicts
from quarterdeck.domain.health import HealthState

H = HealthState


@pytest.mark.parametrize(
    ("claimed", "measured"),
    [
        (H.HEALTHY, H.DEGRADED),
        (H.HEALTHY, H.DOWN),
        (H.DEGRADED, H.DOWN),
        (H.HEALTHY, H.UNREACHABLE),
        (H.DOWN, H.HEALTHY),
    ],
)
def test_a_claim_better_than_the_measurement_or_a_needless_alarm_is_a_contradiction(claimed: H, measured: H) -> None:
    assert contradicts(claimed, measured)


@pytest.mark.parametrize("state", [H.HEALTHY, H.DEGRADED, H.DOWN])
def test_the_same_on_both_sides_is_no_contradiction(state: H) -> None:
    assert not contradicts(state, state)


def test_a_partner_may_have_trouble_that_one_integration_does_not_feel() -> None:
    assert not contradicts(H.DEGRADED, H.HEALTHY)


@pytest.mark.parametrize("known", [H.HEALTHY, H.DOWN])
@pytest.mark.parametrize("other", [H.UNKNOWN, H.STALE, H.MAINTENANCE])
def test_what_is_not_known_or_under_maintenance_contradicts_nothing(known: H, other: H) -> None:
    assert not contradicts(known, other)
    assert not contradicts(other, known)
