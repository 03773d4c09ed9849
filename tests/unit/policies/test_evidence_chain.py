"""Evidence is chained: whatever is changed, taken out or put in is told."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.evidence_records import FIRST_DIGEST, EvidenceRecord, chain_faults, chained_digest
from quarterdeck.domain.policies import EvidenceKind
from tests.support.stores import NOON, after

CHANGES = {
    "entity_key": "integration/other",
    "what": "Something else.",
    "source": "Somebody else",
    "query": "another",
    "effective_from_at": after(-1),
    "effective_to_at": after(1),
    "received_at": after(99),
    "population": 7,
    "counts": (("passed", "2"),),
    "content": (("tls.version", 1.3),),
    "kind": EvidenceKind.FRESHNESS,
}


def chain(length: int) -> list[EvidenceRecord]:
    """Records whose digests follow from one another."""
    records: list[EvidenceRecord] = []
    previous = FIRST_DIGEST
    for number in range(1, length + 1):
        content = (("tls.version", 1.2), ("tls.days_left", number))
        at = NOON + timedelta(hours=number)
        told = EvidenceRecord(
            EvidenceKind.CERTIFICATE, "integration/a", "Seen.", "probe", "check", at, None, at, 1, (), content, number
        )
        previous = chained_digest(previous, told)
        records.append(replace(told, digest=previous))
    return records


def test_a_chain_as_it_was_made_has_no_fault() -> None:
    assert list(chain_faults(chain(5))) == []


@given(st.integers(0, 4), st.sampled_from(sorted(CHANGES)))
def test_any_change_of_any_record_is_found(place: int, changed: str) -> None:
    records = chain(5)
    records[place] = replace(records[place], **{changed: CHANGES[changed]})
    assert f"The evidence {place + 1} about" in next(chain_faults(records))


@given(st.integers(0, 3))
def test_a_record_that_was_taken_out_is_missed(place: int) -> None:
    records = chain(5)
    del records[place]
    assert list(chain_faults(records))


def test_a_digest_made_anew_for_a_changed_record_breaks_the_one_after_it() -> None:
    records = chain(3)
    forged = replace(records[1], content=(("tls.version", 1.3),))
    records[1] = replace(forged, digest=chained_digest(records[0].digest, forged))
    assert [fault.split()[2] for fault in chain_faults(records)] == ["3"]
