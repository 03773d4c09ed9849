"""The table of anomalies: what was found unusual in a series, by the day in which it was judged."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from quarterdeck.storage.table_columns import Measure, metadata, ms, number_key, words

anomaly = Table(
    "anomaly",
    metadata,
    number_key(),
    ms("series"),
    ms("day_ms"),
    ms("from_ms"),
    ms("to_ms"),
    ms("known_ms"),
    ms("worst_ms"),
    Column("value", Measure, nullable=False),
    Column("low", Measure),
    Column("high", Measure),
    Column("loudness", Measure, nullable=False),
    Column("once_in", Measure, nullable=False),
    words("fired"),
    Column("ended", Boolean, nullable=False),
    Index("ix_anomaly_day", "day_ms", "series"),
    Index("ix_anomaly_series", "series", "day_ms"),
    sqlite_autoincrement=True,
)
"""Those of one series and day are replaced together, as the day is judged on or judged anew."""
