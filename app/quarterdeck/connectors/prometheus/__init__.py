"""Series from the query API of Prometheus and its kin: Thanos, Mimir, VictoriaMetrics."""
