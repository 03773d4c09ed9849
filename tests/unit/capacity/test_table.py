"""Resources for other programs: every figure to the last digit, nothing where nothing is known, no formula."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.documents.tree import DocumentFaults
from quarterdeck.sdk.documents.yaml_text import read_yaml
from quarterdeck.services.capacity import CapacityReader
from quarterdeck.services.capacity_proposals import Plan, planned
from quarterdeck.services.capacity_table import COLUMNS, capacity_csv, changed_estate
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON
from tests.unit.capacity.stocked import API, BUSY, GIB, LEDGER, LIVE, STORAGE, allocate, declare, growing, tell


def plan(store: SqlStore) -> Plan:
    return planned(CapacityReader(store).resources_at(LIVE).resources)


def rows(told: Plan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capacity_csv(told, LIVE).decode())))


def test_every_figure_of_the_table_is_that_of_the_resource(store: SqlStore) -> None:
    declare(store, {LEDGER: {"allocated_storage_gb": 480}})
    values = np.concatenate([growing(40, 0.3, 0.003)[: 40 * 24], growing(20, 0.42, 0.012)])
    tell(store, STORAGE, values)
    told = plan(store)
    (row,) = rows(told)
    resource = told.proposals[0].resource
    assert tuple(row) == COLUMNS
    assert resource.outlook is not None
    assert resource.outlook.growth is not None
    assert resource.full_at is not None
    assert float(row["share"]) == resource.share
    assert float(row["allocated"]) == 480 * GIB
    assert float(row["slope_per_day"]) == resource.outlook.growth.slope
    assert row["full_at"] == resource.full_at.isoformat()
    assert (row["method"], row["standing"], row["size_from"]) == ("line", "grow", "declared")
    assert row["pace_changed_at"]
    assert row["slope_before"]


def test_what_is_not_known_is_empty(store: SqlStore) -> None:
    declare(store)
    allocate(store, Allocation(LEDGER, "/log", "storage", "By", 10.0, None, NOON))
    tell(store, BUSY, np.array([0.5]))
    disk, busy = sorted(rows(plan(store)), key=lambda row: row["entity_key"])
    assert (disk["used"], disk["share"], disk["demand_p99"], disk["standing"]) == ("", "", "", "no_history")
    assert (busy["allocated"], busy["size_from"], busy["standing"]) == ("", "", "no_size")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "|x"])
def test_no_name_becomes_a_formula(store: SqlStore, text: str) -> None:
    declare(store)
    tell(store, BUSY, np.array([0.5]))
    told = plan(store)
    one = told.proposals[0]
    entity = replace(one.resource.entity, name=text)
    evil = replace(one, resource=replace(one.resource, subject=replace(one.resource.subject, entity=entity)))
    (row,) = rows(replace(told, proposals=(evil,)))
    assert row["entity"] == f"'{text}"


def test_proposed_sizes_are_written_as_the_facts_that_declare_them(store: SqlStore) -> None:
    declare(store, {API: {"allocated_cores": 8}, LEDGER: {"allocated_storage_gb": 480}})
    tell(store, SeriesIdentity(API, "busy", Meaning.PROCESSING, "ratio"), growing(30, 0.2, 0.0))
    tell(store, STORAGE, growing(40, 0.4, 0.005))
    text = changed_estate(plan(store)).decode()
    assert "      allocated_cores: 2  # now 8\n" in text
    assert "      allocated_storage_gb: 650  # now 480\n" in text
    faults = DocumentFaults()
    read_yaml(text, faults)
    assert faults.found == []


def test_a_size_that_a_source_tells_is_a_remark_and_no_declaration(store: SqlStore) -> None:
    declare(store)
    tell(store, STORAGE, growing(40, 0.4, 0.005))
    allocate(store, Allocation(LEDGER, "/data", "storage", "By", 480 * GIB, 300 * GIB, NOON))
    text = changed_estate(plan(store)).decode()
    assert "its source tells that size, change it there." in text
    assert text.endswith("entities: []\n")
