"""What applying an estate document changes, what it leaves alone, and what a dry run says."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import InvalidEstate, StoreUnavailable
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityKind, Origin, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.manifest import Manifest, RecordKind, SettingSpec
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.documents_beside import documents_beside
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_difference import Step, difference_words
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.wording import dated_words
from tests.support.fakes import MemoryRegistry, MemoryStore, ScriptedConnector
from tests.unit.sdk.estates import DECLARED, declared_estates

PAYHUB = Entity("partner/payhub", EntityKind.PARTNER, "PayHub")
PROCESSOR = Entity("integration/processor", EntityKind.INTEGRATION, "Processor", tier=1, owner="payments-team")
LINK = Relation(RelationKind.EXTERNAL_INTERNAL, PAYHUB.key, PROCESSOR.key, (("contract", "C-1"),))
PROBE = Connection(
    "payhub-probe", "http_probe", "PayHub probe", (("address", "https://payhub.test/"),), managed_by="bank"
)
BANK = DeclaredEstate("bank", "The bank", (PAYHUB, PROCESSOR), (LINK,), (PROBE,))


PROBING = Manifest(
    id="http_probe",
    version="1.0.0",
    sdk=1,
    title="Probe",
    summary="A probe.",
    records=(RecordKind.CHECKS,),
    settings=(SettingSpec(key="address", label="Address"), SettingSpec(key="token", label="Token", secret=True)),
)


class Bench:
    """A memory store, a clock and the service over both."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.clock = StandingClock()
        self.service = EstateApplication(
            self.store, self.clock, MemoryRegistry(LoadedConnector(PROBING, ScriptedConnector()))
        )

    def apply(self, declared: DeclaredEstate) -> tuple[str, ...]:
        """Apply, and let a second pass, so that versions do not end where they began."""
        words = difference_words(self.service.apply(declared, withdraw=True))
        self.clock.advance(1)
        return words

    def observe(self, source: str, entities: Iterable[Entity] = (), relations: Iterable[Relation] = ()) -> None:
        """Let a connection observe entities and relations, and a second pass."""
        now = self.clock.now()
        self.store.writer.change_estate(EstateChange(now, source, Origin.OBSERVED, tuple(entities), tuple(relations)))
        self.clock.advance(1)

    def plan(self, declared: DeclaredEstate) -> tuple[str, ...]:
        return difference_words(self.service.plan(declared))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_dry_run_says_what_would_be_added_and_writes_nothing(bench: Bench) -> None:
    assert bench.plan(BANK) == (
        "+ entity partner/payhub (PayHub, tier 3)",
        "+ entity integration/processor (Processor, tier 1)",
        "+ relation external_internal:partner/payhub>integration/processor",
        "+ connection payhub-probe (PayHub probe, http_probe, every 15s)",
        "The bank: 4 added, 0 changed, 0 removed.",
    )
    assert bench.store.writer.write_count == 0


def test_applying_writes_everything_in_one_change(bench: Bench) -> None:
    bench.apply(BANK)
    assert bench.store.writer.write_count == 1
    estate = bench.store.estate(bench.clock.now())
    assert estate.entities == BANK.entities
    assert estate.relations == BANK.relations
    assert bench.store.connections() == BANK.connections


def test_applying_the_same_document_again_writes_nothing(bench: Bench) -> None:
    bench.apply(BANK)
    assert bench.apply(BANK) == ("The bank: nothing to change; the store holds what the document declares.",)
    assert bench.store.writer.write_count == 1


@settings(deadline=None, max_examples=25)
@given(declared_estates(), declared_estates())
def test_any_document_applied_twice_changes_nothing_the_second_time(one: DeclaredEstate, other: DeclaredEstate) -> None:
    bench = Bench()
    other = replace(
        other,
        source=one.source,
        connections=tuple(replace(connection, managed_by=one.source) for connection in other.connections),
    )
    bench.apply(one)
    bench.apply(other)
    assert not bench.service.plan(other)
    assert {entity.key for entity in bench.store.estate(bench.clock.now()).entities} == {e.key for e in other.entities}


def test_a_change_is_told_field_by_field(bench: Bench) -> None:
    bench.apply(BANK)
    processor = replace(
        PROCESSOR,
        tier=2,
        owner="",
        freshness_seconds=90.0,
        expectations=(Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.5, down_above=5, for_seconds=60),),
        facts=(("protocol", "HTTPS"),),
    )
    link = replace(LINK, facts=(("contract", "C-2"),))
    probe = replace(PROBE, poll_seconds=10.0, settings=(("address", "https://payhub.test/v2"), ("follow", True)))
    assert bench.apply(replace(BANK, entities=(PAYHUB, processor), relations=(link,), connections=(probe,))) == (
        "~ entity integration/processor (Processor, tier 2)",
        "    owner: payments-team → nothing",
        "    tier: 1 → 2",
        "    freshness: nothing → 90s",
        "    expects p95 response time: nothing → degraded above 1.5, down above 5, for 1min",
        "    fact protocol: nothing → HTTPS",
        "~ relation external_internal:partner/payhub>integration/processor (partner/payhub → integration/processor)",
        "    fact contract: C-1 → C-2",
        "~ connection payhub-probe (PayHub probe, http_probe, every 10s)",
        "    polls every: 15s → 10s",
        "    setting address: https://payhub.test/ → https://payhub.test/v2",
        "    setting follow: nothing → yes",
        "The bank: 0 added, 3 changed, 0 removed.",
    )


def test_a_changed_health_rule_is_told_in_words(bench: Bench) -> None:
    bench.apply(BANK)
    rules = (
        HealthRule(RuleKind.AT_LEAST, (PAYHUB.key,), count=1),
        HealthRule(RuleKind.WEIGHTED, ("partner/a", "partner/b"), weights=(("partner/b", 3.0),), down_below=0.4),
        HealthRule(RuleKind.WORST_OF, (PAYHUB.key,)),
    )
    told = bench.apply(replace(BANK, entities=(PAYHUB, replace(PROCESSOR, rules=rules))))
    assert told[1:4] == (
        "    health rule 1: nothing → at least 1 of partner/payhub",
        "    health rule 2: nothing → partner/a, partner/b (3), down below 0.4, degraded below 1",
        "    health rule 3: nothing → worst of partner/payhub",
    )
    assert bench.store.estate(bench.clock.now()).entity(PROCESSOR.key) == replace(PROCESSOR, rules=rules)


def test_what_a_document_no_longer_declares_is_withdrawn_and_stays_in_the_past(bench: Bench) -> None:
    bench.apply(BANK)
    before = bench.clock.now()
    bench.clock.advance(1)
    assert bench.apply(replace(BANK, entities=(PROCESSOR,), relations=(), connections=())) == (
        "- connection payhub-probe (PayHub probe, http_probe, every 15s)",
        "- relation external_internal:partner/payhub>integration/processor",
        "- entity partner/payhub (PayHub, tier 3)",
        "The bank: 0 added, 0 changed, 3 removed.",
    )
    assert bench.store.estate(bench.clock.now()).entities == (PROCESSOR,)
    assert bench.store.estate(before).entities == BANK.entities
    assert bench.store.connections() == ()


TRIO = DeclaredEstate("trio", entities=tuple(Entity(f"service/{n}", EntityKind.SERVICE, n) for n in "abcde"))


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        pytest.param(BANK, DeclaredEstate("bank"), id="nothing-is-left"),
        pytest.param(BANK, replace(BANK, entities=(PAYHUB,), relations=(), connections=()), id="most-is-gone"),
        pytest.param(TRIO, replace(TRIO, entities=TRIO.entities[:2]), id="three-of-five"),
        pytest.param(replace(TRIO, entities=TRIO.entities[:1]), DeclaredEstate("trio"), id="all-of-one"),
    ],
)
def test_a_document_that_withdraws_most_of_what_it_declared_is_refused_until_that_is_said(
    bench: Bench, held: DeclaredEstate, kept: DeclaredEstate
) -> None:
    bench.apply(held)
    with pytest.raises(InvalidEstate, match=r"^The document withdraws \d of \d things? it declared before") as caught:
        bench.service.apply(kept)
    assert "apply it in a terminal with --withdraw; nothing was changed" in caught.value.next_step
    assert bench.store.estate(bench.clock.now()).entities == held.entities
    assert bench.service.apply(kept, withdraw=True).count(Step.REMOVED) > 0
    assert bench.store.estate(bench.clock.now()).entities == kept.entities


def test_a_refused_withdrawal_is_told_with_its_counts(bench: Bench) -> None:
    bench.apply(BANK)
    with pytest.raises(InvalidEstate) as caught:
        bench.service.apply(DeclaredEstate("bank"))
    assert caught.value.message == (
        "The document withdraws 4 of 4 things it declared before: 2 entities, 1 relation, 1 connection. "
        "A file that was cut off looks like this."
    )


def test_half_of_a_document_or_two_of_three_things_may_go_unasked(bench: Bench) -> None:
    bench.apply(replace(TRIO, entities=TRIO.entities[:3]))
    bench.service.apply(replace(TRIO, entities=TRIO.entities[:1]))
    bench.clock.advance(1)
    bench.apply(BANK)
    bench.service.apply(replace(BANK, relations=(), connections=()))
    assert bench.store.connections() == ()


def test_a_document_that_never_declared_anything_withdraws_nothing(bench: Bench) -> None:
    bench.apply(BANK)
    assert not bench.service.apply(DeclaredEstate("office"))


def test_a_document_since_a_time_to_come_is_refused_with_its_line(bench: Bench) -> None:
    declared = parse_estate(b"quarterdeck: 1\nname: t\nsince: 2999-01-01\n", "t.yaml")
    for ask in (bench.service.plan, bench.service.apply):
        with pytest.raises(InvalidEstate, match=r"^Line 3: since is 2999-01-01, which is to come") as caught:
            ask(declared)
        assert "leave since out; nothing was changed" in caught.value.next_step
    with pytest.raises(InvalidEstate, match=r"^since is 2999-01-01"):
        bench.service.apply(replace(declared, since_line=0))


def test_a_day_that_has_begun_may_be_the_since_of_a_document(bench: Bench) -> None:
    bench.service.apply(replace(BANK, since_at=bench.clock.now()))
    assert bench.store.estate(bench.clock.now()).entities == BANK.entities


def test_two_documents_leave_each_others_declarations_alone(bench: Bench) -> None:
    bench.apply(BANK)
    bench.apply(DeclaredEstate("office", entities=(Entity("service/print", EntityKind.SERVICE, "Printing"),)))
    bench.apply(DeclaredEstate("office"))
    assert bench.store.estate(bench.clock.now()).entities == BANK.entities


def test_an_entity_of_another_document_is_refused_and_nothing_is_written(bench: Bench) -> None:
    begun_at = bench.clock.now()
    bench.apply(BANK)
    with pytest.raises(InvalidEstate) as caught:
        bench.service.apply(DeclaredEstate("office", entities=(PAYHUB, PROCESSOR)))
    since = f"is declared by the document bank since {dated_words(begun_at)}, not by office."
    assert caught.value.lines == (
        "The document has 2 faults.",
        f"The entity partner/payhub {since}",
        f"The entity integration/processor {since}",
    )
    assert bench.store.writer.write_count == 1


OFFICE = b"""\
quarterdeck: 1
name: office
entities:
  - {key: service/print, kind: service, name: Printing}
  - {key: integration/processor, kind: integration, name: Processor}
  - key: partner/payhub
    kind: partner
    name: PayHub
relations:
  - {kind: external_internal, from: partner/payhub, to: integration/processor}
"""


def test_a_conflict_of_two_documents_is_told_with_file_and_line_of_every_thing(bench: Bench) -> None:
    begun_at = bench.clock.now()
    bench.apply(BANK)
    with pytest.raises(InvalidEstate) as caught:
        bench.service.plan(parse_estate(OFFICE, "documents/office.yaml"))
    since = f"is declared by the document bank since {dated_words(begun_at)}, not by office."
    assert caught.value.lines[1:] == (
        f"office.yaml, line 5: the entity integration/processor {since}",
        f"office.yaml, line 6: the entity partner/payhub {since}",
        f"office.yaml, line 10: the relation {LINK.key} {since}",
    )
    assert caught.value.next_step == (
        "Take it out of one of the two documents; nothing was changed. "
        "`quarterdeck export other.yaml --document bank` writes what bank declares."
    )


def test_a_conflict_names_file_and_line_of_both_where_the_other_lies_beside_it(bench: Bench, tmp_path: Path) -> None:
    begun_at = bench.clock.now()
    bench.apply(BANK)
    (tmp_path / "bank.yaml").write_bytes(OFFICE.replace(b"office", b"bank"))
    (tmp_path / "broken.yaml").write_bytes(b"quarterdeck: 1\nname: [")
    (tmp_path / "office.yaml").write_bytes(OFFICE)
    (tmp_path / "notes.txt").write_bytes(OFFICE)
    declared = parse_estate(OFFICE, "office.yaml")
    with pytest.raises(InvalidEstate) as caught:
        bench.service.plan(declared, documents_beside(tmp_path / "office.yaml"))
    assert caught.value.lines[2] == (
        "office.yaml, line 6: the entity partner/payhub is declared by the document bank (bank.yaml, line 6) "
        f"since {dated_words(begun_at)}, not by office."
    )


def test_no_folder_and_a_document_that_is_not_there_leave_the_place_of_the_other_out(tmp_path: Path) -> None:
    assert documents_beside(tmp_path / "gone" / "office.yaml")({"bank"}) == {}
    (tmp_path / "bank.yaml").write_bytes(OFFICE)
    assert documents_beside(tmp_path / "office.yaml")({"bank"}) == {}


def test_a_connection_added_by_hand_is_told_with_its_line(bench: Bench) -> None:
    bench.store.kept["payhub-probe"] = replace(PROBE, managed_by="")
    text = b"quarterdeck: 1\nname: t\nconnections:\n  - {id: payhub-probe, connector: http_probe, name: Probe}\n"
    with pytest.raises(InvalidEstate, match=r"^t\.yaml, line 4: the connection payhub-probe was added by hand"):
        bench.service.plan(parse_estate(text, "t.yaml"))


def test_a_connection_added_by_hand_is_not_taken_over(bench: Bench) -> None:
    bench.store.kept["payhub-probe"] = replace(PROBE, managed_by="")
    with pytest.raises(InvalidEstate, match="The connection payhub-probe was added by hand"):
        bench.service.apply(BANK)


def test_a_declared_entity_takes_the_place_of_an_observed_one(bench: Bench) -> None:
    bench.observe("metrics", [replace(PAYHUB, name="payhub")], [LINK])
    words = bench.apply(BANK)
    assert words[:3] == (
        "~ entity partner/payhub (PayHub, tier 3)",
        "    declared from now on; until now only observed by metrics",
        "    name: payhub → PayHub",
    )
    assert bench.store.estate(bench.clock.now()).entity(PAYHUB.key) == PAYHUB
    assert not bench.service.plan(BANK)


def test_an_observation_is_not_withdrawn_with_the_declaration(bench: Bench) -> None:
    bench.observe("metrics", [PAYHUB])
    bench.apply(BANK)
    bench.apply(DeclaredEstate("bank"))
    (version,) = bench.store.entity_versions(bench.clock.now())
    assert version.origin is Origin.OBSERVED


def test_a_connection_switched_off_in_the_console_stays_off(bench: Bench) -> None:
    bench.apply(BANK)
    bench.store.kept[PROBE.id] = replace(PROBE, enabled=False)
    assert not bench.service.plan(BANK)
    bench.apply(replace(BANK, connections=(replace(PROBE, name="Renamed"),)))
    assert bench.store.kept[PROBE.id] == replace(PROBE, name="Renamed", enabled=False)


def test_credentials_in_an_address_are_not_shown(bench: Bench) -> None:
    bench.apply(BANK)
    address = (("address", "https://user:hidden@payhub.test/"),)
    words = bench.plan(replace(BANK, connections=(replace(PROBE, settings=address),)))
    assert "    setting address: changed" in words
    assert "hidden" not in " ".join(words)


def test_a_store_that_cannot_be_written_is_told_as_such(bench: Bench) -> None:
    bench.store.writer.is_refusing = True
    with pytest.raises(StoreUnavailable):
        bench.service.apply(DECLARED)


def test_foreign_texts_cannot_steer_the_terminal(bench: Bench) -> None:
    bench.observe("me\x1b[2Jtrics", [replace(PAYHUB, name="\x1b]0;gone\x07")])
    assert "\x1b" not in " ".join(bench.plan(BANK))


def test_a_secret_written_into_the_document_never_reaches_the_store(bench: Bench) -> None:
    open_probe = replace(PROBE, settings=(*PROBE.settings, ("token", "s3cret")))
    with pytest.raises(InvalidEstate, match="the secret token written in the document"):
        bench.service.apply(replace(BANK, connections=(open_probe,)))
    assert bench.store.writer.write_count == 0


def test_a_connection_whose_connector_is_not_installed_is_declared_all_the_same(bench: Bench) -> None:
    bench.apply(replace(BANK, connections=(replace(PROBE, connector_id="absent"),)))
    assert bench.store.connections()[0].connector_id == "absent"
