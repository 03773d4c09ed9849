import math

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from quarterdeck.demo.exporters import PaymentsExporter, PushExporter
from quarterdeck.domain.series import Meaning
from tests.demo.worlds import PaperBank, paper_bank

FRAUD = "service/fraud-evaluation"


def payments(bank: PaperBank) -> PaymentsExporter:
    return PaymentsExporter(bank.model, bank.frames, bank.clock.now_ms)


def samples(text: str) -> dict[tuple[str, str, str], float]:
    """Values by sample name, entity, and the code or bound."""
    return {
        (
            sample.name,
            sample.labels.get("entity", ""),
            sample.labels.get("code") or sample.labels.get("le", ""),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counters_grow_by_what_the_model_says_between_two_scrapes() -> None:
    bank = paper_bank()
    exporter = payments(bank)
    before = samples(exporter.text())
    bank.clock.ms += 60_000
    after = samples(exporter.text())
    grown = sum(after[key] - before[key] for key in after if key[0] == "http_requests_total")
    assert abs(grown / 60 / bank.value(FRAUD, Meaning.THROUGHPUT) - 1) < 0.02


def test_the_histogram_holds_the_model_s_percentiles() -> None:
    bank = paper_bank()
    exporter = payments(bank)
    bank.clock.ms += 60_000
    found = samples(exporter.text())
    bounds = sorted((float(key[2]), value) for key, value in found.items() if key[0].endswith("_bucket"))
    total = bounds[-1][1]
    p95 = bank.value(FRAUD, Meaning.RESPONSE_TIME, "p95")
    below = max(value for bound, value in bounds if bound <= p95)
    above = min(value for bound, value in bounds if bound >= p95)
    assert below <= 0.95 * total <= above


def test_a_lost_node_is_absent_and_the_other_one_carries_its_load() -> None:
    bank = paper_bank(opening=("node_loss",))
    found = samples(payments(bank).text())
    assert found["processor_busy_ratio", "component/payments-node-a", ""] > 0.9
    assert not any(entity == "component/payments-node-b" for _, entity, _ in found)


def test_every_value_is_a_number() -> None:
    bank = paper_bank(opening=None)
    for exporter in (payments(bank), PushExporter(bank.model, bank.frames)):
        assert not any(math.isnan(value) for value in samples(exporter.text()).values())
