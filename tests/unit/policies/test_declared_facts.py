"""What an estate declares, as facts: each from its own place, and nothing taken for granted."""

from datetime import UTC, datetime

import pytest

from quarterdeck.domain.estate import Entity, EntityKind, EntityVersion, Origin, Relation, RelationKind, RelationVersion
from quarterdeck.domain.evidence_records import FactValue
from quarterdeck.domain.expectations import DEFAULT_EXPECTATIONS
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.declared_facts import DeclaredEstateView, declaration_of
from tests.support.stores import NOON, after

SERVICE = "service/rail"
OUTWARD, INWARD = RelationKind.EXTERNAL_INTERNAL, RelationKind.SERVICE_COMPONENT


def entity(key: str, owner: str = "", **facts: str) -> Entity:
    return Entity(key, EntityKind(key.partition("/")[0]), key, "bill_pay", owner, 1, facts=facts_of(facts))


def link(kind: RelationKind, source: str, target: str, **facts: str) -> Relation:
    return Relation(kind, source, target, facts_of(facts))


def declared(*told: Entity | Relation, observed: tuple[Relation, ...] = (), key: str = SERVICE) -> dict[str, FactValue]:
    """The facts of an entity in an estate of these entities and relations."""
    entities = [EntityVersion(each, Origin.DECLARED, "estate.yaml", NOON) for each in told if isinstance(each, Entity)]
    relations = [
        RelationVersion(each, Origin.DECLARED, "estate.yaml", after(60)) for each in told if isinstance(each, Relation)
    ]
    relations += [RelationVersion(each, Origin.OBSERVED, "metrics", after(90)) for each in observed]
    view = DeclaredEstateView.of(entities, relations)
    return dict(declaration_of(view.entities[key], view).content)


def test_a_bare_entity_declares_nothing() -> None:
    facts = declared(entity(SERVICE))
    assert (facts["entity.kind"], facts["entity.tier"]) == ("service", 1)
    for name in ("owner.declared", "contract.declared", "data.declared", "objective.declared", "monitoring.declared"):
        assert facts[name] is False
    for name in ("data.retention_days", "objective.percent", "restore.days_since_test", "access.days_since_review"):
        assert name not in facts


def test_what_an_entity_says_of_itself_is_declared() -> None:
    told = entity(
        SERVICE,
        "team",
        objective="99.95%",
        retention_days="3650",
        access_reviewed="2026-02-01",
        exit_plan="X-1",
        contract="C",
    )
    facts = declared(told)
    assert (facts["objective.percent"], facts["data.retention_days"]) == (99.95, 3650)
    assert facts["access.days_since_review"] == to_ms(datetime(2026, 2, 1, tzinfo=UTC))
    assert facts["owner.declared"] is facts["exit.declared"] is facts["contract.declared"] is True


@pytest.mark.parametrize("objective", ["very good", "within 5 s", "%"], ids=["words", "time", "sign"])
def test_an_objective_that_is_no_share_is_declared_and_tells_no_share(objective: str) -> None:
    facts = declared(entity(SERVICE, objective=objective))
    assert facts["objective.declared"] is True
    assert "objective.percent" not in facts


@pytest.mark.parametrize("reviewed", ["yesterday", "2026-02-31", ""], ids=["word", "no day", "nothing"])
def test_a_day_that_is_none_is_not_known(reviewed: str) -> None:
    assert "access.days_since_review" not in declared(entity(SERVICE, access_reviewed=reviewed))


@pytest.mark.parametrize(
    ("facts", "bare"),
    [
        ({"protocol": "HTTPS/JSON"}, 0),
        ({"protocol": "gRPC"}, 1),
        ({"protocol": "gRPC", "encryption": "mTLS"}, 0),
        ({"protocol": "SMTP"}, 1),
        ({"protocol": "httpsish"}, 1),
        ({}, 1),
    ],
    ids=["https", "grpc", "mtls", "smtp", "alike", "nothing"],
)
def test_a_link_with_data_is_bare_unless_it_says_how_it_is_encrypted(facts: dict[str, str], bare: int) -> None:
    relation = link(OUTWARD, "integration/pay", SERVICE, data_class="payment", **facts)
    told = declared(entity(SERVICE), entity("integration/pay"), relation)
    assert (told["encryption.links"], told["encryption.undeclared_links"]) == (1, bare)


def test_data_are_declared_only_when_every_link_outward_names_its_class() -> None:
    named = link(OUTWARD, "integration/pay", SERVICE, data_class="payment")
    unnamed = link(OUTWARD, "integration/push", SERVICE)
    assert declared(entity(SERVICE), named)["data.classes"] == ("payment",)
    assert declared(entity(SERVICE), named)["data.declared"] is True
    assert declared(entity(SERVICE), named, unnamed)["data.declared"] is False


def test_a_restore_test_counts_only_when_everything_that_keeps_data_was_tested() -> None:
    links = [link(INWARD, SERVICE, f"component/{name}") for name in ("one", "two", "cache")]
    one = entity("component/one", retention_days="10", restore_tested="2026-01-10")
    two = entity("component/two", retention_days="10", restore_tested="2026-01-05")
    untested, cache = entity("component/two", retention_days="10"), entity("component/cache")
    oldest = to_ms(datetime(2026, 1, 5, tzinfo=UTC))
    assert declared(entity(SERVICE), one, two, cache, *links)["restore.days_since_test"] == oldest
    assert "restore.days_since_test" not in declared(entity(SERVICE), one, untested, cache, *links)


def test_a_link_that_is_only_seen_is_drift_and_one_declared_as_well_is_none() -> None:
    seen = link(OUTWARD, "integration/pay", SERVICE)
    assert declared(entity(SERVICE), observed=(seen,))["drift.undeclared_links"] == 1
    assert declared(entity(SERVICE), seen, observed=(seen,))["drift.undeclared_links"] == 0


def test_what_a_partner_says_counts_for_what_runs_to_it() -> None:
    key = "integration/pay"
    partner = entity("partner/hub", contract="C-1", exit_plan="X-1")
    facts = declared(entity(key), partner, link(OUTWARD, "partner/hub", key), key=key)
    assert facts["partner.declared"] is facts["contract.declared"] is facts["exit.declared"] is True


def test_a_declaration_stands_since_the_latest_of_what_tells_it() -> None:
    entities = [EntityVersion(entity(SERVICE), Origin.DECLARED, "estate.yaml", NOON)]
    relation = RelationVersion(link(OUTWARD, "integration/pay", SERVICE), Origin.DECLARED, "more.yaml", after(60))
    view = DeclaredEstateView.of(entities, [relation])
    told = declaration_of(entities[0], view)
    assert (told.since_at, told.sources, told.population) == (after(60), ("estate.yaml", "more.yaml"), 2)


def test_bounds_are_declared_by_any_expectation() -> None:
    told = Entity(SERVICE, EntityKind.SERVICE, "Rail", expectations=DEFAULT_EXPECTATIONS[:1])
    assert declared(told)["monitoring.declared"] is True
