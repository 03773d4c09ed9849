"""From names to meanings, by the names that exporters give."""

import pytest

from quarterdeck.connectors.prometheus.meanings import (
    Reading,
    counter_reading,
    distribution_reading,
    gauge_reading,
    is_signal,
    work_of_errors,
)
from quarterdeck.domain.series import Meaning

OTHER = Meaning.OTHER
GAUGES = {
    "bank_response_time_seconds": Reading(Meaning.RESPONSE_TIME, "s"),
    "http_request_latency_ms": Reading(Meaning.RESPONSE_TIME, "s", "{} / 1000"),
    "bank_errors_ratio": Reading(Meaning.ERROR_RATE, "ratio"),
    "bank_saturation_ratio": Reading(Meaning.SATURATION, "ratio"),
    "pool_usage_percent": Reading(Meaning.SATURATION, "ratio", "{} / 100"),
    "bank_storage_used_ratio": Reading(Meaning.STORAGE, "ratio"),
    "bank_processor_busy_ratio": Reading(Meaning.PROCESSING, "ratio"),
    "bank_requests_per_second": Reading(Meaning.THROUGHPUT, "1/s"),
    "bank_memory_resident_bytes": Reading(Meaning.MEMORY, "By"),
    "bank_queue_depth": Reading(Meaning.QUEUE_DEPTH, "1"),
    "rabbitmq_queue_messages_ready": Reading(Meaning.QUEUE_DEPTH, "1"),
    "probe_ssl_earliest_cert_expiry": Reading(Meaning.EXPIRY, "d", "({} - time()) / 86400"),
    "job_last_success_timestamp_seconds": Reading(Meaning.FRESHNESS, "s", "time() - {}"),
    "process_resident_memory_bytes": Reading(Meaning.MEMORY, "By"),
    "process_start_time_seconds": Reading(OTHER, "s"),
    "node_filesystem_avail_bytes": Reading(OTHER, "By"),
    "node_network_transmit_queue_length": Reading(OTHER, "1"),
    "disk_bytes": Reading(OTHER, "By"),
    "go_goroutines": Reading(OTHER, "1"),
}
COUNTERS = {
    "http_requests_total": Reading(Meaning.THROUGHPUT, "1/s"),
    "payments_submitted_total": Reading(Meaning.THROUGHPUT, "1/s"),
    "node_network_receive_bytes_total": Reading(Meaning.NETWORK, "By/s"),
    "node_disk_read_bytes_total": Reading(OTHER, "By/s"),
    "process_cpu_seconds_total": Reading(Meaning.PROCESSING, "1"),
    "node_cpu_seconds_total": Reading(OTHER, "1"),
    "http_errors_total": Reading(OTHER, "1/s"),
    "prometheus_target_scrapes_sample_out_of_order_total": Reading(OTHER, "1/s"),
    "promhttp_metric_handler_requests_total": Reading(OTHER, "1/s"),
}
DISTRIBUTIONS = {
    "http_request_duration_seconds": Reading(Meaning.RESPONSE_TIME, "s"),
    "rpc_latency_milliseconds": Reading(Meaning.RESPONSE_TIME, "s", "{} / 1000"),
    "go_gc_duration_seconds": Reading(OTHER, "s"),
    "http_response_size_bytes": Reading(OTHER, "By"),
    "batch_queue_length": Reading(OTHER, "1"),
}


@pytest.mark.parametrize("name", GAUGES)
def test_a_gauge_means_what_its_name_says(name: str) -> None:
    assert gauge_reading(name) == GAUGES[name]


@pytest.mark.parametrize("name", COUNTERS)
def test_the_rate_of_a_counter_means_what_its_name_says(name: str) -> None:
    assert counter_reading(name) == COUNTERS[name]


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_a_distribution_is_of_answer_times_or_just_of_a_quantity(name: str) -> None:
    assert distribution_reading(name) == DISTRIBUTIONS[name]


def test_a_size_never_takes_a_meaning_that_is_bounded_as_a_share() -> None:
    shares = {Meaning.STORAGE, Meaning.SATURATION, Meaning.ERROR_RATE, Meaning.AVAILABILITY}
    names = [*GAUGES, "storage_used_bytes", "filesystem_size_bytes", "volume_usage_bytes"]
    assert [
        name for name in names if gauge_reading(name).unit != "ratio" and gauge_reading(name).meaning in shares
    ] == []


def test_what_never_changes_is_no_signal() -> None:
    assert [is_signal(name) for name in ("node_uname_info", "http_requests_created", "up")] == [False, False, True]


def test_errors_are_told_as_a_share_of_the_work_they_belong_to() -> None:
    known = frozenset({"http_requests_total", "http_errors_total", "http_request_errors_total"})
    assert work_of_errors("http_errors_total", known) == "http_requests_total"
    assert work_of_errors("http_request_errors_total", known) == "http_requests_total"
    assert work_of_errors("disk_errors_total", known) == ""
    assert work_of_errors("http_requests_total", known) == ""
