"""A source on the edge between good and late does not turn with every poll."""

import pytest

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.services.coordinator import Steadiness

GOOD, LATE, STARTING = ConnectionState.GOOD, ConnectionState.LATE, ConnectionState.STARTING
SILENT = ConnectionState.SILENT


def states(before: ConnectionState, polls: str) -> list[ConnectionState]:
    """The states after polls: `+` for one that brought all there was, `-` for one that did not."""
    steadiness, found = Steadiness(), [before]
    for poll in polls:
        found.append(steadiness.state_after(found[-1], caught_up=poll == "+"))
    return found[1:]


def test_turns_between_good_and_late_with_every_poll_are_not_told() -> None:
    assert states(GOOD, "-+-+-+") == [GOOD] * 6
    assert states(LATE, "+-+-+-") == [LATE] * 6


def test_the_second_poll_in_a_row_decides() -> None:
    assert states(GOOD, "--") == [GOOD, LATE]
    assert states(LATE, "++") == [LATE, GOOD]
    assert states(GOOD, "--++") == [GOOD, LATE, LATE, GOOD]


@pytest.mark.parametrize("before", [STARTING, SILENT])
def test_the_first_poll_after_anything_else_decides(before: ConnectionState) -> None:
    assert states(before, "-") == [LATE]
    assert states(before, "+") == [GOOD]
