"""What an estate document may say of how an entity's health follows from others, and how a mistake is refused."""

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml

NODES = ("component/node-a", "component/node-b")
DOCUMENT = """\
quarterdeck: 1
name: demo-bank
entities:
  - key: service/payments
    kind: service
    name: Payments
    health:
      - {rule: at_least, count: 1, of: [component/node-a, component/node-b]}
      - {rule: weighted, down_below: 0.4, degraded_below: 0.8, of: [component/db, component/queue],
         weights: {component/db: 3}}
      - {rule: ignore, of: [component/cache]}
  - {key: component/node-a, kind: component, name: node-a}
  - {key: component/node-b, kind: component, name: node-b}
  - {key: component/db, kind: component, name: db}
  - {key: component/queue, kind: component, name: queue}
  - {key: component/cache, kind: component, name: cache}
  - {key: component/other, kind: component, name: other}
relations:
  - {kind: service_component, from: service/payments, to: component/node-a}
  - {kind: service_component, from: service/payments, to: component/node-b}
  - {kind: service_component, from: service/payments, to: component/db}
  - {kind: service_component, from: service/payments, to: component/queue}
  - {kind: service_component, from: service/payments, to: component/cache}
"""
FAULTS = [
    ("rule: at_least", "rule: at_most", "“at_most” is no rule of a health rule. Did you mean “at_least”?"),
    ("count: 1, ", "", "at_least needs a count: how many of its 2 have to work, a whole number."),
    ("count: 1", "count: 1.5", "at_least needs a count: how many of its 2 have to work, a whole number."),
    ("count: 1", "count: 3", "count is 3; it lies between 1 and 2."),
    ("count: 1", "cuont: 1", "“cuont” is not a key of a health rule. Did you mean “count”?"),
    ("ignore, of", "ignore, count: 1, of", "“count” is not a key of a health rule."),
    (", of: [component/cache]", "", "a health rule needs an of: the keys of the entities that it is about."),
    ("of: [component/cache]", "of: [[component/cache]]", "of must be a list of entities' keys."),
    ("of: [component/cache]", "of: [component/db]", "“component/db” is named by a rule of this entity already."),
    (
        "of: [component/cache]",
        "of: [component/cahce]",
        "service/payments does not depend on “component/cahce”: no relation says so. Did you mean “component/cache”?",
    ),
    (
        "of: [component/cache]",
        "of: [component/other]",
        "service/payments does not depend on “component/other”: no relation",
    ),
    ("down_below: 0.4", "down_below: 40", "down_below is 40; it lies between 0 and 1."),
    ("down_below: 0.4", "down_below: 0.9", "degraded_below lies under down_below: down is the worse of the two."),
    ("component/db: 3", "component/db: none", "the weight of component/db is a number above 0, not “none”."),
    (
        "{component/db: 3}",
        "{component/bd: 3}",
        "“component/bd” has a weight and is not in of. Did you mean “component/db”?",
    ),
]


def test_rules_are_read_as_they_are_declared() -> None:
    payments = parse_estate(DOCUMENT.encode(), "estate.yaml").entities[0]
    assert payments.rules == (
        HealthRule(RuleKind.AT_LEAST, NODES, count=1),
        HealthRule(
            RuleKind.WEIGHTED,
            ("component/db", "component/queue"),
            down_below=0.4,
            degraded_below=0.8,
            weights=(("component/db", 3.0),),
        ),
        HealthRule(RuleKind.IGNORE, ("component/cache",)),
    )


def test_half_of_the_weight_keeps_a_weighted_entity_up_unless_declared_otherwise() -> None:
    text = DOCUMENT.replace("down_below: 0.4, degraded_below: 0.8, ", "")
    text = text.replace(",\n         weights: {component/db: 3}", "")
    rule = parse_estate(text.encode(), "estate.yaml").entities[0].rules[1]
    assert (rule.down_below, rule.degraded_below, rule.weights) == (0.5, 1.0, ())


def test_rules_that_are_written_are_read_back_as_they_were() -> None:
    declared = parse_estate(DOCUMENT.encode(), "estate.yaml")
    assert parse_estate(estate_to_yaml(declared).encode(), "estate.yaml") == declared


@pytest.mark.parametrize(("part", "wrong", "words"), FAULTS, ids=[words.replace(" ", "-")[:50] for *_, words in FAULTS])
def test_a_mistake_in_a_rule_is_refused_with_its_line(part: str, wrong: str, words: str) -> None:
    line = DOCUMENT[: DOCUMENT.index(part)].count("\n") + 1
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(DOCUMENT.replace(part, wrong, 1).encode(), "estate.yaml")
    assert caught.value.message.startswith(f"Line {line}: {words}")


def test_more_rules_than_anybody_reads_are_refused() -> None:
    many = "".join("      - {rule: ignore, of: [component/cache]}\n" for _ in range(30))
    with pytest.raises(InvalidEstate, match="health holds more than 20 rules"):
        parse_estate(DOCUMENT.replace("      - {rule: ignore, of: [component/cache]}\n", many).encode(), "estate.yaml")
