"""Scraping an exporter: the Prometheus text format and OpenMetrics."""
