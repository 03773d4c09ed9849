"""OpenSLO documents become objectives of services; what they do not become is told with its place."""

import pytest

from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.estate_writer import estate_to_yaml
from quarterdeck.services.estate_import import ImportedEstate
from tests.unit.imports.importing import imported, sample, told_by

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: up
spec:
  service: api
  indicator:
    spec:
      ratioMetric:
        {ratio}
  timeWindow: [{window}]
  budgetingMethod: {method}
  objectives:
    - {objective}
"""
NO_ALERT = "no alert follows from an objective yet"
SLO_HEAD = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: up}\n"
RATIO = "raw: {metricSource: {spec: {query: x}}}\n        rawType: success"
GOOD = {
    "ratio": RATIO,
    "window": "{duration: 28d, isRolling: true}",
    "method": "Occurrences",
    "objective": "target: 0.9",
}


@pytest.fixture(scope="module")
def bank() -> ImportedEstate:
    return imported(sample("slos.yaml"))


def objectives(found: ImportedEstate, key: str) -> tuple[Objective, ...]:
    return next(each.objectives for each in found.declared.entities if each.key == key)


def test_each_service_that_is_declared_or_only_named_becomes_an_entity(bank: ImportedEstate) -> None:
    assert [(each.key, each.name) for each in bank.declared.entities] == [
        ("service/payments", "Payments (by its objectives)"),
        ("service/statements", "Statements"),
        ("service/cards", "cards"),
    ]
    assert bank.declared.entities[1].facts == (("label team", "green, orange"),)


def test_a_ratio_is_taken_once_for_each_of_its_targets(bank: ImportedEstate) -> None:
    good, promised, _ = objectives(bank, "service/payments")
    assert good == Objective(
        name="payment-availability.1",
        title="Good enough",
        target=0.999,
        window=Window(4, WindowUnit.WEEK),
        indicator=Indicator(
            IndicatorKind.RATIO,
            bad='sum(rate(payments_total{code=~"5.."}[5m]))',
            total="sum(rate(payments_total[5m]))",
            source="metrics",
            source_kind="Prometheus",
        ),
        alert_policies=("fast-burn", "slow-burn"),
    )
    assert (promised.name, promised.target) == ("payment-availability.2", 0.995)


def test_a_threshold_by_reference_is_taken_with_its_calendar_and_slices(bank: ImportedEstate) -> None:
    speed = objectives(bank, "service/payments")[2]
    assert speed == Objective(
        name="payment-speed",
        target=0.95,
        window=Window(1, WindowUnit.MONTH, "2026-01-01 00:00:00", "Europe/Amsterdam"),
        indicator=Indicator(
            IndicatorKind.THRESHOLD,
            raw="histogram_quantile(0.95, sum by (le) (rate(payment_seconds_bucket[5m])))",
            source="metrics",
            source_kind="Prometheus",
        ),
        budgeting=Budgeting.TIMESLICES,
        comparison=Comparison.UP_TO,
        bound=0.8,
        slice_target=0.9,
        slice_seconds=300.0,
    )


def test_a_query_of_several_settings_is_kept_as_text_without_what_could_be_a_login(bank: ImportedEstate) -> None:
    (late,) = objectives(bank, "service/statements")
    assert late.indicator == Indicator(
        IndicatorKind.RATIO, raw="region: eu-central-1\ntable: lateness", raw_is_bad=True, source_kind="Redshift"
    )
    assert late.window == Window(1, WindowUnit.QUARTER)
    assert "never-to-be-kept" not in repr(bank)


def test_what_is_not_taken_of_objectives_is_told_with_its_reason(bank: ImportedEstate) -> None:
    assert [(each.line, each.words) for each in bank.remarks] == [
        (2, "its address and login are not taken; add a connection under Connectors. Its name is kept."),
        (121, "its objectives are not taken: it has no timeWindow, so over what is not said."),
        (125, "the service “cards” is in none of the files; it is taken as service/cards, by its name alone."),
        (130, f"kind AlertPolicy is not taken: {NO_ALERT}; its name stays with the objectives that name it."),
    ]


def test_an_estate_of_objectives_is_a_document_like_any_other(bank: ImportedEstate) -> None:
    assert parse_estate(estate_to_yaml(bank.declared).encode(), "estate.yaml") == bank.declared


def test_catalogue_and_objectives_together_meet_in_one_service() -> None:
    found = imported(sample("catalog-info.yaml"), sample("slos.yaml"))
    payments = next(each for each in found.declared.entities if each.key == "service/payments")
    assert payments.name == "Payment orders"
    assert [each.name for each in payments.objectives] == [
        "payment-availability.1",
        "payment-availability.2",
        "payment-speed",
    ]
    assert "the service is service/payments, which a catalogue declares; that one is kept." in [
        each.words for each in found.remarks
    ]
    assert parse_estate(estate_to_yaml(found.declared).encode(), "estate.yaml") == found.declared


def test_objectives_of_a_component_that_is_no_service_stay_with_the_component() -> None:
    component = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: api}\nspec: {type: website}\n"
    found = imported(("a.yaml", component), ("b.yaml", SLO.format(**GOOD)))
    assert [(each.key, len(each.objectives)) for each in found.declared.entities] == [("component/api", 1)]


def test_queries_of_two_sources_are_taken_with_a_remark() -> None:
    ratio = (
        "good: {metricSource: {metricSourceRef: a, spec: {query: x}}}\n"
        "        total: {metricSource: {metricSourceRef: b, type: T, spec: {query: y}}}"
    )
    found = imported(("a.yaml", SLO.format(**{**GOOD, "ratio": ratio})))
    assert objectives(found, "service/api")[0].indicator.source == "a"
    assert any("different sources" in each.words for each in found.remarks)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ratio": "good: {metricSource: {spec: {query: x}}}"}, "a ratioMetric has good or bad with total"),
        ({"ratio": "raw: {metricSource: {spec: {query: x}}}"}, "a raw ratio says rawType: success or failure"),
        ({"ratio": "raw: {query: x}\n        rawType: success"}, "raw needs a metricSource"),
        ({"ratio": "raw: {metricSource: {spec: {}}}\n        rawType: failure"}, "a query has between 1 and 4,000"),
        ({"window": "{duration: 28d}"}, "a window that is not rolling says its calendar"),
        ({"window": "{duration: 28x, isRolling: true}"}, "“28x” is no duration; one looks like 28d or 1M"),
        ({"window": "{isRolling: true}"}, "a timeWindow needs a duration"),
        ({"window": "{duration: 1d, isRolling: true, calendar: {}}"}, "a window is rolling or goes by the calendar"),
        ({"window": "{duration: 1d, calendar: {startTime: soon, timeZone: x}}"}, "“soon” is no startTime"),
        ({"window": "{duration: 1d, isRolling: true}, {duration: 2d, isRolling: true}"}, "exactly one item"),
        ({"method": "Guesses"}, "“Guesses” is no budgetingMethod"),
        ({"objective": "displayName: x"}, "an objective has either target or targetPercent"),
        ({"objective": "{target: 0.9, targetPercent: 90}"}, "an objective has either target or targetPercent"),
        ({"objective": "target: 99.9"}, "target is 99.9; it lies between 0 and 1"),
        ({"objective": "{target: 0.9, op: about}"}, "“about” is no op of an objective"),
        ({"objective": "just text"}, "an objective must be a set of keys and values"),
        ({"objective": "{target: 0.9, indicatorRef: upp}"}, ""),
    ],
    ids=lambda value: next(iter(value.values()))[:32] if isinstance(value, dict) else "",
)
def test_a_broken_objective_is_refused_with_its_reason(changed: dict[str, str], words: str) -> None:
    text = SLO.format(**{**GOOD, **changed})
    if not words:
        words = "the SLI “upp” is in none of the files. Did you mean “up”?"
        text += "---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {name: up}\nspec: {}\n"
    assert any(words in line for line in told_by(("a.yaml", text)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("apiVersion: openslo/v1alpha\nkind: SLO\n", "“openslo/v1alpha” is not read; this console reads openslo/v1"),
        ("apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a b}\n", "“a b” cannot be a name"),
        ("apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: up}\nspec: {service: api}\n", "an SLO needs objectives"),
        ("apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: up}\n", "spec needs a service"),
        (
            SLO_HEAD + "spec: {service: api, objectives: [{target: 1}]}\n",
            "an SLO needs an indicator or an indicatorRef",
        ),
        (
            SLO_HEAD + "spec: {service: api, objectives: [{target: 1}], indicator: {spec: {}}}\n",
            "an indicator has either ratioMetric or thresholdMetric",
        ),
        (
            "---\n".join(["apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: up}\nspec: {}\n"] * 2),
            "a.yaml:6:1: SLI up stands a second time; first in a.yaml, line 1.",
        ),
        ("apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a/b}\n", "“a/b” cannot be a name"),
    ],
    ids=["other version", "name", "no objectives", "no service", "no indicator", "empty indicator", "twice", "slash"],
)
def test_documents_that_are_none_of_version_one_are_refused(text: str, words: str) -> None:
    assert any(words in line for line in told_by(("a.yaml", text)))


def test_a_threshold_without_its_bound_is_refused() -> None:
    text = (
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: up}\nspec:\n  service: api\n  indicator:\n    spec:\n"
        "      thresholdMetric: {metricSource: {type: T, spec: {query: x}}}\n"
        "  timeWindow: [{duration: 1d, isRolling: true}]\n  objectives: [{target: 0.9, op: lt}]\n"
    )
    assert told_by(("a.yaml", text)) == ["a.yaml:10:16: an objective of a thresholdMetric says op and value."]


def test_a_kind_that_openslo_does_not_have_is_told_and_not_taken() -> None:
    text = SLO.format(**GOOD) + "---\napiVersion: openslo/v1\nkind: Wish\nmetadata: {name: x}\n"
    found = imported(("a.yaml", text))
    assert "kind “Wish” is not taken: OpenSLO has no such kind." in [each.words for each in found.remarks]
