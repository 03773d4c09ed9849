"""The commands of policies as they are typed."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import ControlKey, Enforcement, PolicyVersion, Verdict
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.tables import FOREVER
from tests.e2e.console_process import run
from tests.support.stores import NOON, PATIENCE_SECONDS
from tests.unit.policies.malformed import SOUND_PACK


def test_the_policies_in_force_hold_together(tmp_path: Path) -> None:
    checked = run(tmp_path / "store.db", "policies", "check")
    assert checked.returncode == 0, checked.stderr
    assert "security.yaml: 4 policies." in checked.stdout


def test_a_wrong_file_is_told_with_line_and_column_and_ends_with_one(tmp_path: Path) -> None:
    wrong = tmp_path / "own.yaml"
    wrong.write_text(SOUND_PACK.replace("tls.version", "tls.versio"), encoding="utf-8")
    checked = run(tmp_path / "store.db", "policies", "check", str(wrong))
    assert checked.returncode == 1
    assert checked.stdout.startswith("own.yaml, line 9, column 11: There is no fact “tls.versio”.")


def test_a_store_without_verdicts_shows_none(tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    store = tmp_path / "store.db"
    assert run(store, "apply", str(estate)).returncode == 0
    assert "No policy has judged anything yet" in run(store, "policies", "show").stdout
    assert json.loads(run(store, "policies", "show", "--json").stdout) == {"policies": []}


@pytest.mark.parametrize("typed", ["check", "show", "export", "try", "replay", "enable", "withdraw"])
def test_the_help_of_a_command_of_policies_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), "policies", typed, "--help")
    assert f"For example `quarterdeck policies {typed}" in " ".join(helped.stdout.split())


def test_verdicts_are_written_as_the_ending_of_the_file_says(tmp_path: Path) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    store, file = tmp_path / "store.db", tmp_path / "verdicts.csv"
    assert run(store, "apply", str(estate)).returncode == 0
    exported = run(store, "policies", "export", str(file), "--at", "2026-11-20 12:00Z")
    assert (exported.returncode, exported.stdout) == (0, "verdicts.csv: 0 verdicts.\n"), exported.stderr
    assert "As of,2026-11-20T12:00:00+00:00" in file.read_text()
    assert run(store, "policies", "export", str(tmp_path / "verdicts.xlsx")).returncode == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("verdicts.txt",), "does not tell as what it is to be written"),
        (("verdicts.json",), "No verdict stood at"),
        (("verdicts.json", "--format", "oscal-poam"), "Nothing was open at"),
    ],
    ids=["unknown-ending", "no-verdict", "nothing-open"],
)
def test_what_cannot_be_written_leaves_no_file(tmp_path: Path, typed: tuple[str, ...], words: str) -> None:
    estate = tmp_path / "estate.yaml"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    store, file = tmp_path / "store.db", tmp_path / typed[0]
    assert run(store, "apply", str(estate)).returncode == 0
    refused = run(store, "policies", "export", str(file), *typed[1:])
    assert (refused.returncode, file.exists()) == (4, False)
    assert words in refused.stderr


def test_a_file_is_tried_enabled_and_withdrawn_by_commands(tmp_path: Path) -> None:
    estate, own, store = tmp_path / "estate.yaml", tmp_path / "own.yaml", tmp_path / "store.db"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    own.write_text(SOUND_PACK, encoding="utf-8")
    assert run(store, "apply", str(estate)).returncode == 0
    tried = run(store, "policies", "try", str(own), "--days", "5", "--json")
    assert json.loads(tried.stdout)["policies"][0]["in_force"] is None, tried.stderr
    enabled = run(store, "policies", "enable", str(own), "--by", "ada", "--reason", "Partners agreed")
    assert "own.yaml: SEC-01 enabled, on record as 1." in enabled.stdout, enabled.stderr
    assert "own.yaml: 1 policy." in run(store, "policies", "check").stdout
    withdrawn = run(store, "policies", "withdraw", "own.yaml", "--by", "ada")
    assert "own.yaml: SEC-01 withdrawn, on record as 2." in withdrawn.stdout, withdrawn.stderr


def test_a_wrong_file_is_neither_tried_nor_enabled(tmp_path: Path) -> None:
    wrong = tmp_path / "own.yaml"
    wrong.write_text(SOUND_PACK.replace("tls.version", "tls.versio"), encoding="utf-8")
    for typed in ("try", "enable"):
        refused = run(tmp_path / "store.db", "policies", typed, str(wrong))
        assert refused.returncode != 0
        assert "own.yaml, line 9, column 11: There is no fact “tls.versio”." in refused.stderr


def test_a_policy_that_is_not_in_force_is_not_replayed(tmp_path: Path) -> None:
    estate, store = tmp_path / "estate.yaml", tmp_path / "store.db"
    estate.write_text("quarterdeck: 1\nname: none\n", encoding="utf-8")
    assert run(store, "apply", str(estate)).returncode == 0
    assert "Nothing was written or changed" in run(store, "policies", "replay").stdout
    refused = run(store, "policies", "replay", "SEC-99")
    assert "No policy 'SEC-99' is in force." in refused.stderr


def blocked(tmp_path: Path) -> Path:
    """A store with an integration whose retention is not declared, judged by a policy that blocks its exports."""
    path, estate = tmp_path / "store.db", tmp_path / "estate.yaml"
    estate.write_text(
        "quarterdeck: 1\nname: small\nentities:\n"
        "  - {key: integration/payhub, kind: integration, name: PayHub, domain: bill_pay}\n",
        encoding="utf-8",
    )
    assert run(path, "apply", str(estate)).returncode == 0
    shipped = next(policy for pack in shipped_packs() for policy in pack.policies if policy.id == "DG-03")
    policy = replace(shipped, actions=(Enforcement.BLOCK,))
    with closing(open_store(str(path))) as store:
        version = PolicyVersion(policy, 1, NOON.replace(year=2020))
        store.compliance.put_policy_versions([version]).result(PATIENCE_SECONDS)
        spans = (VerdictSpan(to_ms(NOON), FOREVER, Verdict.NOT_SATISFIED, "Retention: unknown"),)
        change = VerdictChange(ControlKey("DG-03", 1, "integration/payhub"), 0, spans)
        store.compliance.change_verdicts([change]).result(PATIENCE_SECONDS)
    return path


def test_an_export_that_a_policy_blocks_is_refused_until_two_people_release_it(tmp_path: Path) -> None:
    store, file = blocked(tmp_path), tmp_path / "out.yaml"
    refused = run(store, "export", str(file))
    assert "was not written: it would break DG-03 on PayHub." in refused.stderr
    assert not file.exists()
    released = run(store, "export", str(file), "--release", "Audit", "--by", "ada", "--approved-by", "bert")
    assert (released.returncode, file.exists()) == (0, True), released.stderr
    assert run(store, "policies", "export", str(tmp_path / "verdicts.csv")).returncode == 0
    told = run(store, "notices", "list").stdout
    assert "No target is set: nobody is told." in told
    steps = [line.partition("block, ")[2].partition(":")[0] for line in told.splitlines() if "block, " in line]
    assert steps == ["released", "released", "refused"]


def test_a_test_notice_without_a_target_is_told(tmp_path: Path) -> None:
    tried = run(tmp_path / "store.db", "notices", "test", "Security")
    assert "No target is set for Security." in tried.stderr
    assert tried.returncode != 0


def test_no_policy_that_comes_with_the_console_keeps_an_export_back() -> None:
    blocking = [
        policy.id for pack in shipped_packs() for policy in pack.policies if Enforcement.BLOCK in policy.actions
    ]
    assert blocking == []
