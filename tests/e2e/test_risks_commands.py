"""The commands of risks as they are typed."""

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
ESTATE = """\
quarterdeck: 1
name: small
entities:
  - {key: integration/payhub, kind: integration, name: PayHub, domain: bill_pay}
"""


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A store with one integration on which one policy holds."""
    path, estate = tmp_path / "store.db", tmp_path / "estate.yaml"
    estate.write_text(ESTATE, encoding="utf-8")
    applied = run(path, "apply", str(estate))
    assert applied.returncode == 0, applied.stderr
    policy = next(policy for pack in shipped_packs() for policy in pack.policies if policy.id == "SEC-01")
    with closing(open_store(str(path))) as store:
        store.compliance.put_policy_versions([PolicyVersion(policy, 1, NOON.replace(year=2020))]).result(
            PATIENCE_SECONDS
        )
        change = VerdictChange(ControlKey("SEC-01", 1, PAYHUB), 0, (VerdictSpan(0, FOREVER, Verdict.SATISFIED, ""),))
        store.compliance.change_verdicts([change]).result(PATIENCE_SECONDS)
    return path


def test_a_risk_is_registered_listed_decided_about_and_closed(judged: Path) -> None:
    typed = ("risks", "add", "PayHub outage", PAYHUB, "--likelihood", "4", "--impact", "5", "--control", "SEC-01:40")
    added = run(judged, *typed, "--by", "anna")
    assert added.returncode == 0, added.stderr
    assert "inherent 20 (critical), left 12 high. Decision: none yet, since " in added.stdout
    (told,) = json.loads(run(judged, "risks", "list", "--json").stdout)["risks"]
    assert (told["residual"], told["effectiveness"], told["controls"][0]["bearing"]) == (12, 0.4, "holds")
    decided = run(judged, "risks", "decide", told["id"], "mitigate", "--review", "90d", "--note", "Soon", "--by", "b")
    assert decided.returncode == 0, decided.stderr
    assert "Decision: fits the facts." in decided.stdout
    assert "PayHub outage" in run(judged, "risks", "list").stdout
    closed = run(judged, "risks", "close", told["id"], "--note", "Replaced", "--by", "anna")
    assert "is closed. Why: Replaced" in closed.stdout
    nothing = run(judged, "risks", "list").stdout
    assert "No risk is registered." in nothing
    assert f"`quarterdeck risks add --store {judged}`" in nothing
    assert "closed" in run(judged, "risks", "list", "--all").stdout
    assert "No risk is registered." in run(judged, "risks", "list", "--all", "--at", "2026-01-01").stdout
    assert run(judged, "store", "check").returncode == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("SEC-01:much", "5"), "quarterdeck: 'much' is no share in percent.\n"),
        (("SEC-01:100", "5"), "quarterdeck: SEC-01 is said to lower the risk by 100 %.\n"),
        (("SEC-01", "6"), "quarterdeck: Likelihood 4 and impact 6 are not both on the scale.\n"),
    ],
)
def test_what_makes_no_sense_is_refused_in_two_sentences(judged: Path, typed: tuple[str, str], message: str) -> None:
    control, impact = typed
    named = ("--likelihood", "4", "--impact", impact, "--control", control, "--by", "anna")
    refused = run(judged, "risks", "add", "Outage", PAYHUB, *named)
    assert refused.returncode == 4
    assert refused.stderr.startswith(message)


@pytest.mark.parametrize("typed", ["list", "add", "decide", "close"])
def test_the_help_of_a_command_of_risks_has_an_example_of_it(typed: str) -> None:
    helped = run(Path("unused"), "risks", typed, "--help")
    assert f"For example `quarterdeck risks {typed}" in " ".join(helped.stdout.split())


def test_a_trend_is_told_day_by_day_and_of_no_risk_is_refused(judged: Path) -> None:
    missing = run(judged, "risks", "trend", "risk-1")
    assert (missing.returncode, "There is no risk 'risk-1'." in missing.stderr) == (4, True)
    run(judged, "risks", "add", "Outage", PAYHUB, "--likelihood", "4", "--impact", "5", "--control", "SEC-01:40")
    (told,) = json.loads(run(judged, "risks", "list", "--json").stdout)["risks"]
    found = json.loads(run(judged, "risks", "trend", told["id"], "--days", "7", "--json").stdout)
    assert (found["risk"], len(found["days"]), found["days"][-1]["residual"]) == (told["id"], 8, 12)
    assert "before it was registered" in run(judged, "risks", "trend", told["id"]).stdout
