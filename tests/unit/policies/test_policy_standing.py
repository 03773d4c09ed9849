"""What the terminal tells of policies: files with every fault, and how each policy stands."""

import json
from pathlib import Path

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import ControlKey, PolicyVersion, Verdict
from quarterdeck.exporters.policy_words import checked_text, standing_json, standing_text
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.policy_packs import InvalidPolicies, own_paths, policies_of, shipped_packs
from quarterdeck.services.policy_standing import StandingPolicy, checked_packs, standing_policies
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.malformed import SOUND_PACK

OWN = SOUND_PACK.replace("SEC-01", "SEC-90")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_is_told_with_how_many_policies_it_holds(tmp_path: Path) -> None:
    assert checked_text(checked_packs([written(tmp_path, "own.yaml", OWN)])) == "own.yaml: 1 policy."


def test_every_fault_of_every_file_is_told(tmp_path: Path) -> None:
    wrong = written(tmp_path, "wrong.yaml", OWN.replace("high", "hgh").replace("tls.version", "tls.versio"))
    text = checked_text(checked_packs([written(tmp_path, "own.yaml", OWN), wrong]))
    lines = text.splitlines()
    assert lines[0] == "own.yaml: 1 policy."
    assert lines[1].startswith("wrong.yaml, line 9, column 11: There is no fact “tls.versio”.")
    assert lines[2].startswith("wrong.yaml, line 10, column 15: “hgh” is no severity")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (checked,) = checked_packs([tmp_path / "nowhere.yaml"])
    assert checked.faults


def test_files_that_hold_the_same_policy_are_told(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, OWN) for name in ("one.yaml", "two.yaml")]
    assert "SEC-90 stands in one.yaml already" in checked_text(checked_packs(paths))


def test_no_file_at_all_is_told() -> None:
    assert checked_text(()) == "There is no file of policies."


def test_own_packs_stand_beside_those_of_the_program(tmp_path: Path) -> None:
    written(tmp_path, "own.yaml", OWN)
    ids = {policy.id for policy in policies_of(tmp_path)}
    assert {"SEC-90", "SEC-01", "TP-01"} <= ids
    assert own_paths(tmp_path / "nowhere") == []


def test_an_own_policy_stands_in_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    written(tmp_path, "own.yaml", SOUND_PACK)
    found = [policy for policy in policies_of(tmp_path) if policy.id == "SEC-01"]
    assert [policy.rule for policy in found] == ["tls.version >= 1.2"]


def test_one_wrong_file_lets_no_policy_pass(tmp_path: Path) -> None:
    written(tmp_path, "own.yaml", SOUND_PACK.replace("tls.version", "tls.versio"))
    with pytest.raises(InvalidPolicies, match="There is no fact"):
        policies_of(tmp_path)


def standing(store: SqlStore) -> tuple[StandingPolicy, ...]:
    """Two policies in force, one of them with controls, and one that is not in force any more."""
    first, second, third = [policy for pack in shipped_packs() for policy in pack.policies][:3]
    versions = [PolicyVersion(first, 2, NOON), PolicyVersion(second, 1, NOON), PolicyVersion(third, 1, NOON, after(1))]
    store.compliance.put_policy_versions(versions).result(PATIENCE_SECONDS)
    changes = [
        VerdictChange(ControlKey(first.id, 2, key), to_ms(NOON), (VerdictSpan(to_ms(NOON), FOREVER, verdict),))
        for key, verdict in (("a", Verdict.SATISFIED), ("b", Verdict.SATISFIED), ("c", Verdict.NOT_SATISFIED))
    ]
    store.compliance.change_verdicts(changes).result(PATIENCE_SECONDS)
    return standing_policies(store.compliance, after(60))


def test_policies_in_force_are_counted_by_verdict(store: SqlStore) -> None:
    counted, bare = standing(store)
    assert dict(counted.counts) == {Verdict.SATISFIED: 2, Verdict.NOT_SATISFIED: 1}
    assert dict(bare.counts) == {}


def test_the_table_has_a_line_for_each_policy(store: SqlStore) -> None:
    lines = standing_text(standing(store)).splitlines()
    assert lines[0].split()[:5] == ["Policy", "Title", "Pack", "Severity", "Version"]
    assert lines[1].split()[-4:] == ["2", "1", "0", "0"]
    assert len(lines) == 3


def test_nothing_judged_yet_leads_to_the_collector() -> None:
    assert "quarterdeck collect" in standing_text(())


def test_the_json_names_versions_and_digests(store: SqlStore) -> None:
    told = json.loads(standing_json(standing(store)))["policies"]
    assert (told[0]["version"], told[0]["controls"]["satisfied"], len(told[0]["digest"])) == (2, 2, 64)
