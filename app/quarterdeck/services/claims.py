"""Where a partner's own words and our measurement cannot both be true."""

from __future__ import annotations

from quarterdeck.domain.health import HealthState

_BADNESS = {
    HealthState.HEALTHY: 0,
    HealthState.DEGRADED: 1,
    HealthState.DOWN: 2,
    HealthState.UNREACHABLE: 2,
}
_WORST = 2


def contradicts(claimed: HealthState, measured: HealthState) -> bool:
    """Whether a claim and a measurement disagree.

    They do when the claim is better than what is measured, and when a partner says it is down and all is well here. A
    partner that admits more trouble than one of its integrations has does not contradict it; maintenance explains
    itself; what is not known, on either side, contradicts nothing.
    """
    if claimed not in _BADNESS or measured not in _BADNESS:
        return False
    if _BADNESS[claimed] == _WORST:
        return _BADNESS[measured] == 0
    return _BADNESS[claimed] < _BADNESS[measured]
