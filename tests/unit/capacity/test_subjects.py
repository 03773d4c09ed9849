"""Which resources there are: sizes and use brought together, and nothing made up where one of them is missing."""

from collections.abc import Mapping

import numpy as np
import pytest

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.capacity import ResourceKey, ResourceKind, SizeOrigin
from quarterdeck.domain.estate import Relation
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.capacity_subjects import CAPACITY_MEANINGS, Subject, Subjects, subjects_of
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.capacity.stocked import (
    API,
    BUSY,
    GIB,
    LEDGER,
    LINKS,
    OUTSIDE,
    READS,
    STORAGE,
    TESSERA,
    allocate,
    declare,
    tell,
)

K = ResourceKind
ONE = np.array([0.5])


def subjects(store: SqlStore) -> Subjects:
    series = store.find(SeriesQuery(meanings=CAPACITY_MEANINGS))
    return subjects_of(store.estate(NOON), series, store.allocations_at(NOON))


def by_key(store: SqlStore) -> Mapping[ResourceKey, Subject]:
    return {subject.key: subject for subject in subjects(store).resources}


def storage(name: str, *labels: tuple[str, str]) -> SeriesIdentity:
    return SeriesIdentity(LEDGER, name, Meaning.STORAGE, "ratio", labels=labels)


def rate(key: str) -> SeriesIdentity:
    return SeriesIdentity(key, "requests", Meaning.THROUGHPUT, "1/s")


def size(resource: str, kind: str, amount: float, used: float | None = None, unit: str = "By") -> Allocation:
    return Allocation(LEDGER, resource, kind, unit, amount, used, NOON)


def test_a_share_without_a_size_stays_a_share(store: SqlStore) -> None:
    declare(store)
    tell(store, BUSY, ONE)
    tell(store, SeriesIdentity(READS, "pool", Meaning.SATURATION, "ratio"), ONE)
    found = by_key(store)
    assert set(found) == {ResourceKey(API, K.SERVICE), ResourceKey(READS, K.INTEGRATION)}
    assert found[ResourceKey(API, K.SERVICE)].size is None


def test_a_size_that_a_source_tells_goes_to_the_share_that_is_measured(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, ONE)
    tell(store, storage("inodes", ("mount", "/data"), ("resource", "inodes")), ONE)
    allocate(store, size("/data", "storage", 480 * GIB, 200 * GIB), size("swap", "memory", GIB))
    found = by_key(store)
    data = found[ResourceKey(LEDGER, K.STORAGE, "/data")]
    assert data.size is not None
    assert (data.size.amount, data.size.origin, len(data.series)) == (480 * GIB, SizeOrigin.OBSERVED, 1)
    assert found[ResourceKey(LEDGER, K.STORAGE, "/data inodes")].size is None
    assert found[ResourceKey(LEDGER, K.MEMORY, "swap")].series == ()


def test_a_machine_has_one_row_for_its_processors_and_one_for_its_memory(store: SqlStore) -> None:
    declare(store)
    for labels in ((), (("processor", "0"),), (("processor", "1"),)):
        tell(store, SeriesIdentity(LEDGER, "processors_busy", Meaning.PROCESSING, "ratio", labels=labels), ONE)
    memory = SeriesIdentity(LEDGER, "memory_used_share", Meaning.SATURATION, "ratio", labels=(("resource", "memory"),))
    tell(store, memory, ONE)
    tell(store, SeriesIdentity(LEDGER, "memory_used", Meaning.MEMORY, "By"), ONE)
    waiting = (("resource", "memory"), ("sign", "waiting"))
    tell(store, SeriesIdentity(LEDGER, "some_tasks_waiting", Meaning.SATURATION, "ratio", labels=waiting), ONE)
    handles = (("resource", "file handles"), ("sign", "in use"))
    tell(store, SeriesIdentity(LEDGER, "file_handles_share", Meaning.SATURATION, "ratio", labels=handles), ONE)
    limits = (("resource", "processor limit"), ("sign", "in use"))
    tell(store, SeriesIdentity(LEDGER, "container_share", Meaning.SATURATION, "ratio", labels=limits), ONE)
    allocate(store, size("memory", "memory", 8 * GIB, 4 * GIB), size("processors", "processing", 8, 4, "1"))
    found = by_key(store)
    assert set(found) == {
        ResourceKey(LEDGER, K.PROCESSING),
        ResourceKey(LEDGER, K.PROCESSING, "processor limit"),
        ResourceKey(LEDGER, K.MEMORY),
        ResourceKey(LEDGER, K.SERVICE, "file handles"),
    }
    assert found[ResourceKey(LEDGER, K.PROCESSING)].series[0].identity.labels == ()
    assert found[ResourceKey(LEDGER, K.MEMORY)].series[0].identity.name == "memory_used_share"


def test_bytes_of_memory_are_a_resource_only_once_somebody_says_how_much_there_is(store: SqlStore) -> None:
    declare(store)
    tell(store, SeriesIdentity(LEDGER, "resident", Meaning.MEMORY, "By"), np.array([4 * GIB]))
    assert by_key(store) == {}
    declare(store, {LEDGER: {"allocated_memory_gb": 16}})
    subject = by_key(store)[ResourceKey(LEDGER, K.MEMORY)]
    assert subject.size is not None
    assert (subject.is_absolute, subject.size.amount, subject.size.origin) == (True, 16 * GIB, SizeOrigin.DECLARED)


def test_a_declared_size_goes_to_the_one_disk_and_to_none_of_several(store: SqlStore) -> None:
    declare(store, {LEDGER: {"allocated_storage_gb": "480"}})
    tell(store, STORAGE, ONE)
    one = by_key(store)[ResourceKey(LEDGER, K.STORAGE, "/data")]
    assert one.size is not None
    assert (one.size.amount, one.size.fact) == (480 * GIB, "allocated_storage_gb")
    tell(store, storage("storage", ("mount", "/log")), ONE)
    several = by_key(store)
    assert several[ResourceKey(LEDGER, K.STORAGE, "/data")].size is None
    assert several[ResourceKey(LEDGER, K.STORAGE)].series == ()


def test_what_a_source_sees_goes_before_what_is_declared(store: SqlStore) -> None:
    declare(store, {LEDGER: {"allocated_storage_gb": "480"}})
    tell(store, STORAGE, ONE)
    allocate(store, size("/data", "storage", 400 * GIB))
    seen = by_key(store)[ResourceKey(LEDGER, K.STORAGE, "/data")]
    assert seen.size is not None
    assert (seen.size.amount, seen.size.origin) == (400 * GIB, SizeOrigin.OBSERVED)


def test_a_quota_of_a_partner_is_used_by_every_integration_that_leads_to_it(store: SqlStore) -> None:
    relations = (Relation(OUTSIDE, TESSERA, READS), Relation(OUTSIDE, TESSERA, LINKS), Relation(OUTSIDE, READS, API))
    declare(store, {TESSERA: {"quota_per_second": 600}, API: {"capacity_per_second": 1200}}, relations)
    for key in (READS, LINKS, API):
        tell(store, rate(key), ONE)
    found = by_key(store)
    quota, capacity = found[ResourceKey(TESSERA, K.QUOTA)], found[ResourceKey(API, K.SERVICE, "requests")]
    assert {info.identity.entity_key for info in quota.series} == {READS, LINKS}
    assert [info.identity.entity_key for info in capacity.series] == [API]


@pytest.mark.parametrize("text", ["lots", "480 GB", "nan", "inf", "-3", "0", "", "1e300", "<b>9</b>"])
def test_a_declaration_that_is_no_size_is_told_and_not_guessed(store: SqlStore, text: str) -> None:
    declare(store, {LEDGER: {"allocated_storage_gb": text}})
    found = subjects(store)
    assert found.resources == ()
    assert found.unreadable == ("Ledger: allocated_storage_gb is no number above nought.",)


def test_a_size_of_nothing_and_an_amount_that_is_none_are_left_out(store: SqlStore) -> None:
    declare(store)
    told = (
        size("a", "storage", 0.0, 1.0),
        size("b", "storage", float("nan")),
        size("c", "storage", -5.0),
        size("d", "storage", 10.0, float("nan")),
        size("e", "licences", 10.0, -1.0, "1"),
    )
    found = subjects_of(store.estate(NOON), (), told).resources
    assert [(one.key.kind, one.key.part, one.told_used) for one in found] == [
        (K.OTHER, "e", None), (K.STORAGE, "d", None),
    ]  # fmt: skip


def test_what_belongs_to_nothing_in_the_estate_is_no_resource(store: SqlStore) -> None:
    declare(store)
    tell(store, SeriesIdentity("component/gone", "busy", Meaning.SATURATION, "ratio"), ONE)
    allocate(store, Allocation("component/gone", "/", "storage", "By", 5.0, 1.0, NOON))
    assert by_key(store) == {}


def test_a_size_in_another_unit_takes_no_use_from_bytes(store: SqlStore) -> None:
    declare(store)
    tell(store, SeriesIdentity(LEDGER, "resident", Meaning.MEMORY, "By"), np.array([4 * GIB]))
    allocate(store, size("memory", "memory", 16.0, 4.0, "pages"))
    subject = by_key(store)[ResourceKey(LEDGER, K.MEMORY)]
    assert (subject.series, subject.is_absolute, subject.told_used) == ((), False, 4.0)
