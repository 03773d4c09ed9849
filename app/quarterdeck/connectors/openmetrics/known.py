"""What is known of metrics that many exporters have: rules in the same words as a person's own, in order of trust.

The first rule that tells an entity's response time tells it; later ones for the same are not looked at. What belongs
to the exporter's own machinery (`go_*`, `promhttp_*`, …) is never taken for the entity's.
"""

from __future__ import annotations

from quarterdeck.connectors.openmetrics.rules import parse_rules

MACHINERY = ("go_", "promhttp_", "process_", "python_", "scrape_", "net_conntrack_", "jvm_", "erlang_", "node_")
STATUS_LABELS = ("code", "status", "status_code", "http_status_code", "http_response_status_code", "grpc_code")
FAILED_STATUSES = (
    "5??",
    "error",
    "failed",
    "failure",
    "fail",
    "INTERNAL",
    "Internal",
    "UNAVAILABLE",
    "Unavailable",
    "UNKNOWN",
    "Unknown",
    "DEADLINE_EXCEEDED",
    "DeadlineExceeded",
)

_REAL_FILESYSTEMS = '{device="/dev/*",fstype!="squashfs",fstype!="iso9660"}'
"""Read-only images are always full."""

RULES = parse_rules(
    """
    http_requests_total => throughput
    http_server_requests_total => throughput
    grpc_server_handled_total => throughput
    *_http_requests_total => throughput
    *_requests_total => throughput
    redis_commands_processed_total => throughput
    pg_stat_database_xact_commit_total => throughput

    http_request_duration_seconds => response_time
    http_server_request_duration_seconds => response_time
    http_server_requests_seconds => response_time
    grpc_server_handling_seconds => response_time
    *_request_duration_seconds => response_time
    *_request_latency_seconds => response_time
    response_time_seconds => response_time
    probe_duration_seconds => response_time
    haproxy_backend_response_time_average_seconds => response_time:mean

    *error_ratio => error_rate
    *errors_ratio => error_rate

    probe_success => availability
    availability_ratio => availability
    pg_up => availability
    mysql_up => availability
    redis_up => availability
    mongodb_up => availability
    memcached_up => availability
    elasticsearch_cluster_health_up => availability
    nginx_up => availability
    rabbitmq_up => availability

    saturation_ratio => saturation
    *_saturation_ratio => saturation
    *_utilization_ratio => saturation
    1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes => saturation as memory_used

    processor_busy_ratio => processing
    cpu_busy_ratio => processing
    1 - node_cpu_seconds_total{mode="idle"} / node_cpu_seconds_total => processing as processors_busy

    node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes => memory as memory_used_bytes
    memory_resident_bytes => memory
    redis_memory_used_bytes => memory
    rabbitmq_process_resident_memory_bytes => memory
    process_resident_memory_bytes => memory

    storage_used_ratio => storage
    disk_used_ratio => storage
    1 - node_filesystem_avail_bytes$real / node_filesystem_size_bytes$real => storage by mountpoint as filesystem_used

    node_network_receive_bytes_total{device!="lo"} => network by device as network_received
    node_network_transmit_bytes_total{device!="lo"} => network by device as network_sent

    queue_depth => queue_depth
    *_queue_depth => queue_depth
    *_queue_length => queue_depth
    rabbitmq_queue_messages => queue_depth
    *_backlog => queue_depth

    days_until(probe_ssl_earliest_cert_expiry) => expiry
    days_until(*_certificate_expiry_timestamp_seconds) => expiry
    """.replace("$real", _REAL_FILESYSTEMS)
)
