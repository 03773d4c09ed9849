"""Estates for the tests of documents: one written by hand, and any that a document may declare."""

from dataclasses import replace

from hypothesis import strategies as st

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.objectives import (
    Budgeting,
    Comparison,
    Indicator,
    IndicatorKind,
    Objective,
    Window,
    WindowUnit,
)
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.estate_document import STATISTICS

DOCUMENT = """\
quarterdeck: 1
name: demo-bank
title: Demo bank
entities:
  - key: partner/payhub
    kind: partner
    name: PayHub
  - key: integration/payhub-processor
    kind: integration
    name: PayHub processor
    domain: bill_pay
    owner: payments-team
    tier: 1
    description: Sends payments.
    freshness: 90s
    expectations:
      - {meaning: response_time, statistic: p95, degraded_above: 1.5, down_above: 5, for: 60s}
    facts: {contract: C-1182, protocol: HTTPS/JSON, release: 1.10}
relations:
  - kind: external_internal
    from: partner/payhub
    to: integration/payhub-processor
    facts: {protocol: HTTPS/JSON, data_class: payment}
connections:
  - id: payhub-probe
    connector: http_probe
    name: PayHub probe
    poll: 10s
    settings: {address: "https://127.0.0.1:8443/health", entity: partner/payhub, follow: true, tries: 3}
    secrets: [token]
"""

TOML_DOCUMENT = """\
quarterdeck = 1
name = "demo-bank"
title = "Demo bank"

[[entities]]
key = "partner/payhub"
kind = "partner"
name = "PayHub"

[[entities]]
key = "integration/payhub-processor"
kind = "integration"
name = "PayHub processor"
domain = "bill_pay"
owner = "payments-team"
tier = 1
description = "Sends payments."
freshness = "90s"

[entities.facts]
contract = "C-1182"
protocol = "HTTPS/JSON"
release = "1.10"

[[entities.expectations]]
meaning = "response_time"
statistic = "p95"
degraded_above = 1.5
down_above = 5
for = "60s"

[[relations]]
kind = "external_internal"
from = "partner/payhub"
to = "integration/payhub-processor"
facts = {protocol = "HTTPS/JSON", data_class = "payment"}

[[connections]]
id = "payhub-probe"
connector = "http_probe"
name = "PayHub probe"
poll = "10s"
settings = {address = "https://127.0.0.1:8443/health", entity = "partner/payhub", follow = true, tries = 3}
secrets = ["token"]
"""

DECLARED = DeclaredEstate(
    source="demo-bank",
    title="Demo bank",
    entities=(
        Entity("partner/payhub", EntityKind.PARTNER, "PayHub"),
        Entity(
            "integration/payhub-processor",
            EntityKind.INTEGRATION,
            "PayHub processor",
            domain="bill_pay",
            owner="payments-team",
            tier=1,
            description="Sends payments.",
            freshness_seconds=90.0,
            expectations=(
                Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.5, down_above=5.0, for_seconds=60.0),
            ),
            facts=(("contract", "C-1182"), ("protocol", "HTTPS/JSON"), ("release", "1.10")),
        ),
    ),
    relations=(
        Relation(
            RelationKind.EXTERNAL_INTERNAL,
            "partner/payhub",
            "integration/payhub-processor",
            facts=(("data_class", "payment"), ("protocol", "HTTPS/JSON")),
        ),
    ),
    connections=(
        Connection(
            "payhub-probe",
            "http_probe",
            "PayHub probe",
            settings=(
                ("address", "https://127.0.0.1:8443/health"),
                ("entity", "partner/payhub"),
                ("follow", True),
                ("tries", 3),
            ),
            secret_names=("token",),
            poll_seconds=10.0,
            managed_by="demo-bank",
        ),
    ),
)

_letters = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
)
_tricky = st.sampled_from(
    ["1.10", "true", "~", "null", "0x1f", "1_000", "- a", "a: b", "#", "2026-11-01", "012", "1e5"]
)
_texts = st.one_of(_tricky, st.text(_letters, max_size=40).map(str.strip))
_names = _texts.filter(bool)
_prose = st.one_of(_texts, st.lists(_texts, max_size=4).map("\n".join).map(str.strip))
_slugs = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
_numbers = st.floats(-1e9, 1e9)
_seconds = st.one_of(st.integers(1, 600_000).map(float), st.floats(1.0, 600_000.0))
_facts = st.dictionaries(_texts, _texts, max_size=3).map(lambda pairs: tuple(sorted(pairs.items())))
_values = st.one_of(st.booleans(), st.integers(-(10**17), 10**17), _numbers, _texts)
_settings = st.dictionaries(_slugs, _values, max_size=4).map(lambda pairs: tuple(sorted(pairs.items())))


@st.composite
def _expectations(draw: st.DrawFn) -> Expectation:
    degraded, down = sorted((draw(_numbers), draw(_numbers)))
    return Expectation(
        meaning=draw(st.sampled_from(Meaning)),
        statistic=draw(st.sampled_from(STATISTICS)),
        degraded_above=degraded,
        down_above=draw(st.sampled_from([None, down])),
        for_seconds=draw(st.one_of(st.just(0.0), _seconds)),
    )


@st.composite
def _objectives(draw: st.DrawFn) -> Objective:
    parts = draw(st.sampled_from([("good", "total"), ("bad", "total"), ("raw",)]))
    is_threshold = parts == ("raw",) and draw(st.booleans())
    return Objective(
        name=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)),
        target=draw(st.floats(0, 1)),
        window=draw(
            st.builds(
                Window,
                st.integers(1, 99_999),
                st.sampled_from(WindowUnit),
                st.sampled_from(["", "2026-01-01", "2026-01-01 00:00:00"]),
                _texts,
            )
        ),
        indicator=Indicator(
            IndicatorKind.THRESHOLD if is_threshold else IndicatorKind.RATIO,
            **{part: draw(_prose.filter(bool)) for part in parts},
            raw_is_bad=draw(st.booleans()),
            source=draw(_texts),
            source_kind=draw(_texts),
        ),
        title=draw(_texts),
        budgeting=draw(st.sampled_from(Budgeting)),
        comparison=draw(st.sampled_from([None, *Comparison])),
        bound=draw(st.one_of(st.none(), _numbers)),
        slice_target=draw(st.one_of(st.none(), st.floats(0, 1))),
        slice_seconds=draw(st.one_of(st.none(), _seconds)),
        alert_policies=draw(st.sampled_from([(), ("fast-burn", "slow-burn")])),
    )


@st.composite
def _entities(draw: st.DrawFn) -> Entity:
    kind = draw(st.sampled_from(EntityKind))
    return Entity(
        key=f"{kind}/{draw(_slugs)}",
        kind=kind,
        name=draw(_names),
        domain=draw(_texts),
        owner=draw(_texts),
        tier=draw(st.integers(1, 4)),
        description=draw(_prose),
        freshness_seconds=draw(st.one_of(st.none(), _seconds)),
        expectations=tuple(
            draw(st.lists(_expectations(), max_size=2, unique_by=lambda it: (it.meaning, it.statistic)))
        ),
        objectives=tuple(draw(st.lists(_objectives(), max_size=2, unique_by=lambda it: it.name))),
        facts=draw(_facts),
    )


@st.composite
def _rules(draw: st.DrawFn, members: list[str]) -> tuple[HealthRule, ...]:
    """At most one rule over some of those that an entity depends on."""
    if not members or draw(st.booleans()):
        return ()
    of = tuple(draw(st.lists(st.sampled_from(members), min_size=1, unique=True)))
    kind = draw(st.sampled_from(RuleKind))
    if kind is RuleKind.AT_LEAST:
        return (HealthRule(kind, of, count=draw(st.integers(1, len(of)))),)
    if kind is RuleKind.WEIGHTED:
        down, degraded = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
        weights = tuple((key, draw(st.floats(0.001, 1e6))) for key in sorted(draw(st.sets(st.sampled_from(of)))))
        return (HealthRule(kind, of, down_below=down, degraded_below=degraded, weights=weights),)
    return (HealthRule(kind, of),)


@st.composite
def declared_estates(draw: st.DrawFn) -> DeclaredEstate:
    """Any estate a document may declare."""
    source = draw(_slugs)
    entities = draw(st.lists(_entities(), max_size=5, unique_by=lambda entity: entity.key))
    partners = [entity.key for entity in entities if entity.kind is EntityKind.PARTNER]
    integrations = [entity.key for entity in entities if entity.kind is EntityKind.INTEGRATION]
    relations = [
        Relation(RelationKind.EXTERNAL_INTERNAL, partner, integration, draw(_facts))
        for partner in partners
        for integration in integrations
    ]
    entities = [
        replace(entity, rules=draw(_rules(partners))) if entity.kind is EntityKind.INTEGRATION else entity
        for entity in entities
    ]
    connections = st.builds(
        Connection,
        id=_slugs,
        connector_id=st.just("http_probe"),
        name=_names,
        settings=_settings,
        secret_names=st.sampled_from([(), ("token_of_ours", "password_of_ours")]),
        poll_seconds=_seconds,
        managed_by=st.just(source),
    )
    return DeclaredEstate(
        source=source,
        title=draw(_texts),
        entities=tuple(entities),
        relations=tuple(relations),
        connections=tuple(draw(st.lists(connections, max_size=3, unique_by=lambda it: it.id))),
    )
