"""The commands of waivers as they are typed."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.policies import ControlKey, PolicyVersion, Verdict
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.tables import FOREVER
from tests.e2e.console_process import run
from tests.support.stores import NOON, PATIENCE_SECONDS

PAYHUB = "integration/payhub"


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A store in which one policy is judged on one integration, up to the end of time."""
    path = tmp_path / "store.db"
    policy = next(policy for pack in shipped_packs() for policy in pack.policies if policy.id == "SEC-01")
    with closing(open_store(str(path))) as store:
        store.compliance.put_policy_versions([PolicyVersion(policy, 1, NOON.replace(year=2020))]).result(
            PATIENCE_SECONDS
        )
        span = VerdictSpan(0, FOREVER, Verdict.NOT_SATISFIED, "no")
        change = VerdictChange(ControlKey("SEC-01", 1, PAYHUB), 0, (span,))
        store.compliance.change_verdicts([change]).result(PATIENCE_SECONDS)
    return path


def test_a_waiver_is_granted_listed_and_withdrawn(judged: Path) -> None:
    typed = ("waivers", "add", "SEC-01", PAYHUB, "--until", "30d", "--reason", "Replaced in May", "--by", "anna")
    added = run(judged, *typed, "--approved-by", "bert")
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith(f"waiver-1: SEC-01 on {PAYHUB} is waived until ")
    (told,) = json.loads(run(judged, "waivers", "list", "--json").stdout)["waivers"]
    assert (told["requested_by"], told["approved_by"], told["standing"]) == ("anna", "bert", "holds")
    withdrawn = run(judged, "waivers", "withdraw", "waiver-1", "--note", "Replaced already", "--by", "carl")
    assert withdrawn.returncode == 0, withdrawn.stderr
    nothing = run(judged, "waivers", "list").stdout
    assert "Nothing is waived." in nothing
    assert f"`quarterdeck waivers add --store {judged}`" in nothing
    assert "withdrawn" in run(judged, "waivers", "list", "--all").stdout
    assert run(judged, "store", "check").returncode == 0


def test_a_waiver_without_an_end_that_can_be_read_is_refused_in_two_sentences(judged: Path) -> None:
    refused = run(judged, "waivers", "add", "SEC-01", PAYHUB, "--until", "someday", "--reason", "why", "--by", "anna")
    assert refused.returncode == 4
    assert refused.stderr.startswith("quarterdeck: 'someday' is no time.\n")


@pytest.mark.parametrize("typed", ["list", "add", "withdraw"])
def test_the_help_of_a_command_of_waivers_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), "waivers", typed, "--help")
    assert f"For example `quarterdeck waivers {typed}" in " ".join(helped.stdout.split())
