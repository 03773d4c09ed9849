"""Which facts made a rule fail: the demands of a rule are told apart where they can be, and never guessed."""

import pytest

from quarterdeck.analysis.rule_parts import Demands
from quarterdeck.analysis.rules import RuleFault
from quarterdeck.domain.evidence_records import FactValue

BOTH = "tls.version >= 1.2 && tls.days_left >= 21"


@pytest.mark.parametrize(
    ("rule", "facts", "failing"),
    [
        pytest.param(BOTH, {"tls.version": 1.3, "tls.days_left": 9}, {"tls.days_left"}, id="second"),
        pytest.param(BOTH, {"tls.version": 1.1, "tls.days_left": 90}, {"tls.version"}, id="first"),
        pytest.param(BOTH, {"tls.version": 1.1, "tls.days_left": 9}, {"tls.version", "tls.days_left"}, id="both"),
        pytest.param(BOTH, {}, {"tls.version", "tls.days_left"}, id="nothing known"),
        pytest.param(
            "tls.version >= 1.2 || tls.days_left >= 21",
            {"tls.version": 1.1, "tls.days_left": 9},
            {"tls.version", "tls.days_left"},
            id="outer or",
        ),
        pytest.param(
            "(tls.version >= 1.2 || tls.verified) && tls.days_left >= 21",
            {"tls.version": 1.1, "tls.verified": True, "tls.days_left": 9},
            {"tls.days_left"},
            id="or in brackets",
        ),
        pytest.param(
            "entity.domain != 'a && b' && entity.tier > 1",
            {"entity.domain": "x", "entity.tier": 1},
            {"entity.tier"},
            id="sign in a text",
        ),
    ],
)
def test_facts_of_false_demands_are_those_that_made_a_rule_fail(
    rule: str, facts: dict[str, FactValue], failing: set[str]
) -> None:
    assert Demands.of(rule).failing_facts(facts) == failing


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(RuleFault):
        Demands.of("tls.version >=")
