"""Proposals keep the constraint they name, suppose only what is said, and tell why there is none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.capacity import ResourceKey, ResourceKind
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.capacity import CapacityReader, Resource
from quarterdeck.services.capacity_proposals import (
    Constraint,
    Proposal,
    Standing,
    Supposition,
    planned,
    proposal_for,
)
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.capacity.stocked import API, BUSY, GIB, LEDGER, LIVE, READS, STORAGE, declare, growing, tell

CORES = ResourceKey(API, ResourceKind.PROCESSING)
DISK = ResourceKey(LEDGER, ResourceKind.STORAGE, "/data")


def cores(key: str = API) -> SeriesIdentity:
    return SeriesIdentity(key, "busy", Meaning.PROCESSING, "ratio")


def resources(store: SqlStore, facts: Mapping[str, Mapping[str, object]]) -> dict[ResourceKey, Resource]:
    declare(store, facts)
    return {one.key: one for one in CapacityReader(store).resources_at(LIVE).resources}


def proposal(found: Mapping[ResourceKey, Resource], key: ResourceKey, supposed: Supposition | None = None) -> Proposal:
    return proposal_for(found[key], Constraint(), supposed or Supposition())


def test_what_is_hardly_used_is_proposed_smaller_and_still_keeps_the_constraint(store: SqlStore) -> None:
    tell(store, cores(), growing(30, 0.25, 0.0, daily=0.05))
    found = proposal(resources(store, {API: {"allocated_cores": 8}}), CORES)
    assert (found.standing, found.now, found.proposed, found.difference) == (Standing.SHRINK, 8, 3, -5)
    assert found.ahead is not None
    assert found.proposed is not None
    assert found.ahead <= 0.8 * found.proposed
    assert not found.is_idle


def test_what_grows_is_proposed_as_large_as_the_days_need(store: SqlStore) -> None:
    tell(store, STORAGE, growing(40, 0.4, 0.005))
    found = proposal(resources(store, {LEDGER: {"allocated_storage_gb": 480}}), DISK)
    assert found.standing is Standing.GROW
    assert found.ahead is not None
    assert found.proposed is not None
    assert found.ahead / GIB == pytest.approx((0.6 + 90 * 0.005) * 480, rel=0.01)
    assert found.ahead <= 0.8 * found.proposed < found.ahead + 0.8 * 50 * GIB
    assert found.proposed / GIB == 650


def test_what_fits_is_kept_and_a_disk_is_never_made_smaller(store: SqlStore) -> None:
    tell(store, cores(), growing(30, 0.7, 0.0))
    tell(store, STORAGE, growing(30, 0.02, 0.0))
    found = resources(store, {API: {"allocated_cores": 8}, LEDGER: {"allocated_storage_gb": 480}})
    assert (proposal(found, CORES).standing, proposal(found, CORES).difference) == (Standing.KEEP, 0)
    assert proposal(found, DISK).standing is Standing.KEEP
    assert proposal(found, DISK).is_idle


def test_what_cannot_be_proposed_says_why(store: SqlStore) -> None:
    tell(store, BUSY, growing(30, 0.5, 0.0))
    tell(store, STORAGE, growing(5, 0.5, 0.0))
    tell(store, cores(), growing(30, 0.5, 0.0), end=NOON - timedelta(hours=2))
    found = resources(store, {API: {"allocated_cores": 8}, LEDGER: {"allocated_storage_gb": 480}, READS: {}})
    assert proposal(found, ResourceKey(API, ResourceKind.SERVICE)).standing is Standing.NO_SIZE
    assert proposal(found, DISK).standing is Standing.NO_HISTORY
    assert proposal(found, CORES).standing is Standing.OLD
    pending = replace(found[CORES], outlook=None, is_pending=True)
    assert proposal_for(pending, Constraint()).standing is Standing.PENDING
    assert proposal_for(pending, Constraint()).difference == 0


def test_a_supposed_growth_a_lost_node_and_moved_load_are_all_counted(store: SqlStore) -> None:
    tell(store, cores(), growing(30, 0.5, 0.0))
    found = resources(store, {API: {"allocated_cores": 8}})
    twice = proposal(found, CORES, Supposition(growth=2.0))
    lost = proposal(found, CORES, Supposition(nodes=3, lost_nodes=1))
    moved = proposal(found, CORES, Supposition(moved=((CORES, 4.0),)))
    away = proposal(found, CORES, Supposition(moved=((CORES, -9.0),)))
    assert [one.demand for one in (twice, lost, moved, away)] == [8.0, 6.0, 8.0, 0.0]
    assert [one.proposed for one in (twice, lost, moved, away)] == [10.0, None, 10.0, 1.0]
    with pytest.raises(ValueError, match="left"):
        proposal(found, CORES, Supposition(nodes=1, lost_nodes=1))


def test_a_plan_holds_every_resource_and_finds_them_by_standing(store: SqlStore) -> None:
    tell(store, cores(), growing(30, 0.2, 0.0))
    tell(store, BUSY, np.array([0.5]))
    plan = planned(list(resources(store, {API: {"allocated_cores": 8}}).values()))
    assert len(plan.proposals) == 2
    assert [one.resource.key for one in plan.of(Standing.SHRINK)] == [CORES]
    assert plan.by_key[CORES].proposed == 2
    assert plan.constraint == Constraint(0.8, 90)
