"""Records of maintenance: the last one stands, what was known when, and a chain that tells of every change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.maintenance import (
    FIRST_DIGEST,
    MaintenanceRecord,
    MaintenanceWindow,
    chain_faults,
    chained_digest,
    standing_windows,
)
from tests.support.stores import after
from tests.unit.maintenance.windows import record, window

FIRST, SECOND = record(window(), 0), record(window(0, 2), 60, 2)


def chain(*records: MaintenanceRecord) -> list[MaintenanceRecord]:
    chained, digest = list[MaintenanceRecord](), FIRST_DIGEST
    for number, each in enumerate(records, 1):
        digest = chained_digest(digest, each)
        chained.append(replace(each, id=number, digest=digest))
    return chained


def test_the_last_record_of_a_window_stands() -> None:
    assert standing_windows([FIRST, SECOND]) == (SECOND,)


def test_what_was_known_at_a_moment_stays_readable() -> None:
    assert standing_windows([FIRST, SECOND], after(59)) == (FIRST,)
    assert standing_windows([FIRST, SECOND], after(-1)) == ()


@pytest.mark.parametrize("length", [timedelta(), timedelta(seconds=-1)], ids=str)
def test_a_window_that_ends_before_it_begins_cannot_be(length: timedelta) -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        MaintenanceWindow("w", after(0), length, "Upgrade", ("service/api",))


def test_a_window_on_nothing_cannot_be() -> None:
    with pytest.raises(ValueError, match="covers something"):
        MaintenanceWindow("w", after(0), timedelta(hours=1), "Upgrade")


def test_an_unbroken_chain_has_no_faults() -> None:
    assert list(chain_faults(chain(FIRST, SECOND))) == []


def test_a_changed_record_is_told() -> None:
    first, second = chain(FIRST, SECOND)
    assert list(chain_faults([replace(first, recorded_by="eve"), second])) == [
        "The maintenance record 1 of w-1 was changed after it was made."
    ]


def test_a_missing_record_is_told() -> None:
    assert (
        next(iter(chain_faults(chain(FIRST, SECOND)[1:])))
        == "Between the maintenance records 0 and 2 records are missing."
    )
