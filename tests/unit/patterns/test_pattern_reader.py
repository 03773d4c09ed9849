"""How integrations stand to their patterns, read from a real store, now and as of any moment."""

from pathlib import Path

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.patterns import Demand, Standing
from quarterdeck.domain.policies import ControlKey, Policy, PolicyVersion, Scope, Severity, Verdict
from quarterdeck.domain.series import Meaning
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.pattern_files import parse_pattern
from quarterdeck.services.pattern_shelf import PatternShelf
from quarterdeck.services.patterns import HeldEntity, PatternReader, worst_standing
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.patterns.bank import HOUR, LINKED, ONWARD, OWN, PARTNER, SERVICE, declare, integration, moment, tell

KEY = "integration/bills"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one pattern of a person's own."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


@pytest.fixture
def reader(store: SqlStore, folder: Path) -> PatternReader:
    """Reads a store in which everything conforms at noon."""
    declare(store, -9 * HOUR, [PARTNER, SERVICE, integration("bills", "own_shape")], [LINKED, ONWARD])
    tell(store, -HOUR, KEY, Meaning.ERROR_RATE)
    tell(store, 0, KEY, Meaning.ERROR_RATE)
    return PatternReader(store, PatternShelf(folder).patterns)


def bills(reader: PatternReader, at: float) -> HeldEntity:
    return next(each for each in reader.report(moment(at)).held if each.entity.key == KEY)


def test_an_integration_with_everything_its_pattern_demands_conforms(reader: PatternReader) -> None:
    held = bills(reader, 10)
    assert (held.standing, held.deviations, held.unknowns, held.since_at) == (Standing.CONFORMS, (), (), None)
    assert held.verifications[0].title == "Own shape"


def test_a_withdrawn_relation_is_told_since_it_was_withdrawn(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 60, [], remove=LINKED.key)
    tell(store, 500, KEY, Meaning.ERROR_RATE)
    (deviation,) = bills(reader, 510).deviations
    assert (deviation.demand, deviation.seen, deviation.since_at) == (Demand.RELATION, "none", after(60))


def test_before_a_relation_was_withdrawn_everything_conformed(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 60, [], remove=LINKED.key)
    assert bills(reader, 30).standing is Standing.CONFORMS
    assert bills(reader, 70).standing is Standing.DEVIATES


def test_a_change_of_the_estate_is_dated_however_often_it_was_read_before(
    store: SqlStore, reader: PatternReader
) -> None:
    declare(store, 10, [integration("bills", "own_shape", data_class="")])
    assert [bills(reader, at).since_at for at in (15, 20)] == [after(10), after(10)]
    declare(store, 30, [integration("bills", "own_shape")])
    declare(store, 40, [integration("bills", "own_shape", data_class="")])
    assert bills(reader, 50).since_at == after(40)


def test_a_lost_fact_is_told_since_it_was_lost(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 20, [integration("bills", "own_shape", data_class="")])
    declare(store, 40, [integration("bills", "own_shape", data_class="", contract="C-2")])
    assert bills(reader, 50).since_at == after(20)


def test_a_signal_that_fell_silent_is_told_since_its_last_sample(reader: PatternReader) -> None:
    (deviation,) = bills(reader, 20 * 60).deviations
    assert (deviation.demand, deviation.seen) == (Demand.SIGNAL, "silent")
    assert deviation.since_at is not None
    assert abs((deviation.since_at - after(0)).total_seconds()) <= 15


def test_before_any_sample_nothing_is_known(reader: PatternReader) -> None:
    held = bills(reader, -2 * HOUR)
    assert (held.standing, [each.demand for each in held.unknowns]) == (Standing.UNKNOWN, [Demand.SIGNAL])


def test_the_newest_sample_speaks_while_the_moment_is_live(reader: PatternReader) -> None:
    (held,) = reader.report(moment(10, live=True)).held
    assert held.standing is Standing.CONFORMS


def test_an_integration_without_a_pattern_is_listed_as_one_without(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [integration("cards")])
    held = {each.entity.key: each.standing for each in reader.report(moment(10)).held}
    assert held == {KEY: Standing.CONFORMS, "integration/cards": None}


def test_a_pattern_that_no_file_holds_leaves_its_integration_unknown(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [integration("cards", "own_shap")])
    held = {each.entity.key: each for each in reader.report(moment(10)).held}["integration/cards"]
    assert (held.standing, held.unknowns[0].seen) == (Standing.UNKNOWN, "no file holds a pattern of that id")


def test_a_pattern_for_another_kind_is_not_held_against_an_entity(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [Entity(SERVICE.key, EntityKind.SERVICE, "Orders", facts=facts_of({"pattern": "own_shape"}))])
    held = {each.entity.key: each for each in reader.report(moment(10)).held}[SERVICE.key]
    assert held.unknowns[0].seen == "it is one for another kind of entity: integration"


def test_an_entity_is_held_against_every_pattern_it_names(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [integration("bills", "own_shape, external_internal")])
    assert [each.pattern_id for each in bills(reader, 10).verifications] == ["own_shape", "external_internal"]


def judge(store: SqlStore, ended_at: float | None = None) -> None:
    policy = Policy("SEC-01", "security", "TLS", "TLS.", Scope(), "true", Severity.HIGH, (), "Security")
    end = None if ended_at is None else after(ended_at)
    store.compliance.put_policy_versions([PolicyVersion(policy, 1, after(-HOUR), end)]).result(PATIENCE_SECONDS)


def not_satisfied(store: SqlStore, since: float) -> None:
    span = VerdictSpan(to_ms(after(since)), FOREVER, Verdict.NOT_SATISFIED, "No TLS is offered.")
    change = VerdictChange(ControlKey("SEC-01", 1, KEY), to_ms(after(since)), (span,))
    store.compliance.change_verdicts([change]).result(PATIENCE_SECONDS)


def test_a_version_of_a_policy_that_is_no_longer_in_force_judges_nothing(
    store: SqlStore, reader: PatternReader
) -> None:
    declare(store, 0, [integration("bills", "external_internal")])
    judge(store, ended_at=5)
    not_satisfied(store, -30)
    assert {each.seen for each in bills(reader, 10).unknowns if each.demand is Demand.POLICY} == {"not judged"}


def test_a_verdict_that_a_policy_does_not_hold_is_a_deviation_since_then(
    store: SqlStore, reader: PatternReader
) -> None:
    declare(store, 0, [integration("bills", "external_internal")])
    judge(store)
    not_satisfied(store, -30)
    told = [each for each in bills(reader, 10).deviations if each.demand is Demand.POLICY]
    assert [(each.seen, each.since_at) for each in told] == [("No TLS is offered", after(-30))]


def test_a_preview_is_of_those_that_name_the_pattern_already(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [integration("cards")])
    preview = reader.preview(parse_pattern(OWN.encode(), "own.yaml"), moment(10))
    assert (preview.is_named, [each.entity.key for each in preview.held]) == (True, [KEY])


def test_a_preview_of_a_pattern_nobody_names_is_of_all_of_its_kind(store: SqlStore, reader: PatternReader) -> None:
    declare(store, 0, [integration("cards")])
    before = store.versions()
    preview = reader.preview(parse_pattern(OWN.replace("own_shape", "other").encode(), "other.yaml"), moment(10))
    standings = {each.entity.key: each.standing for each in preview.held}
    assert (preview.is_named, standings) == (False, {KEY: Standing.CONFORMS, "integration/cards": Standing.DEVIATES})
    assert store.versions() == before


def test_an_empty_estate_holds_nothing_and_its_worst_standing_is_unknown(store: SqlStore, folder: Path) -> None:
    report = PatternReader(store, PatternShelf(folder).patterns).report(moment(0))
    assert (report.held, worst_standing(report.held)) == ((), Standing.UNKNOWN)


def test_a_deviation_weighs_more_than_what_is_not_known(reader: PatternReader) -> None:
    held = [bills(reader, 10), bills(reader, -2 * HOUR)]
    assert worst_standing(held) is Standing.UNKNOWN
    assert worst_standing([*held, bills(reader, 20 * 60)]) is Standing.DEVIATES


def test_a_broken_file_is_left_out_and_told_of_while_the_others_stand(folder: Path) -> None:
    (folder / "broken.yaml").write_text("quarterdeck_pattern: 1\nid: X\n", encoding="utf-8")
    (folder / "twin.yaml").write_text(OWN, encoding="utf-8")
    (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
    patterns = PatternShelf(folder).patterns()
    assert "own_shape" in patterns.by_id()
    assert any(fault.startswith("broken.yaml, line 2: “X” cannot be an id") for fault in patterns.faults)
    assert "twin.yaml, line 2: the pattern own_shape stands in own.yaml already." in patterns.faults
    assert any("gone.yaml" in fault for fault in patterns.faults)


def test_a_file_of_a_persons_own_never_takes_the_place_of_a_shipped_pattern(folder: Path) -> None:
    (folder / "zz.yaml").write_text(OWN.replace("own_shape", "account_integration"), encoding="utf-8")
    assert PatternShelf(folder).patterns().by_id()["account_integration"].title == "Account Integration"


def test_files_are_read_again_only_when_they_changed(folder: Path) -> None:
    shelf = PatternShelf(folder)
    first = shelf.patterns()
    assert shelf.patterns() is first
    (folder / "own.yaml").write_text(OWN.replace("Own shape", "Another shape"), encoding="utf-8")
    assert shelf.patterns().by_id()["own_shape"].title == "Another shape"
