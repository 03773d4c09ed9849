"""The tables that series and their samples lie in: head, bundles, chunks and the pyramid over them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from quarterdeck.storage.table_columns import Measure, Number, Words, metadata, ms, number_key, words

series = Table(
    "series",
    metadata,
    number_key(),
    Column("digest", String(64), nullable=False, unique=True),
    words("connection_id", index=True),
    words("entity_key", index=True),
    words("name"),
    words("meaning"),
    words("unit"),
    words("statistic"),
    words("labels"),
    words("kind"),
    Column("read_through", Boolean, nullable=False),
    words("query"),
    sqlite_autoincrement=True,
)

series_head = Table(
    "series_head",
    metadata,
    number_key(),
    ms("start_ms"),
    ms("end_ms"),
    Column("samples", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_series_head_range", "start_ms", "end_ms", "samples"),
    sqlite_autoincrement=True,
)
"""Batches as they came, the durable front of the series; `end_ms` is the newest sample's own time."""

series_bundle = Table(
    "series_bundle",
    metadata,
    number_key(),
    ms("bundle"),
    ms("start_ms"),
    ms("end_ms"),
    Column("samples", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_series_bundle_range", "bundle", "start_ms", "end_ms"),
    sqlite_autoincrement=True,
)
"""What the head gave up: some hundred samples each of a few neighbouring series, until there are enough for chunks."""

series_times = Table(
    "series_times",
    metadata,
    number_key(),
    Column("digest", LargeBinary, nullable=False, unique=True),
    ms("uses"),
    Column("payload", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""Each distinct column of instants once, however many chunks have it; `uses` counts them, at none it goes."""

series_chunk = Table(
    "series_chunk",
    metadata,
    number_key(),
    Column("series_id", Number, ForeignKey("series.id"), nullable=False),
    ms("start_ms"),
    ms("end_ms"),
    Column("samples", Integer, nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("low", Measure),
    Column("high", Measure),
    Column("total", Measure),
    Column("first_value", Measure),
    Column("last_value", Measure),
    ms("times_id"),
    Column("digest", LargeBinary, nullable=False),
    Column("payload", LargeBinary),
    Index("ix_series_chunk_range", "series_id", "start_ms", "end_ms"),
    sqlite_autoincrement=True,
)
"""Packed samples of one series; chunks of a series never overlap. NULL stands for NaN, which SQLite cannot keep.

Without a payload every value is the first. That `times_id` names a row is kept by whoever writes chunks: the engines
would look through all chunks for each row of times that goes.
"""

series_pyramid = Table(
    "series_pyramid",
    metadata,
    number_key(),
    Column("series_id", Number, ForeignKey("series.id"), nullable=False),
    Column("level", Integer, nullable=False),
    ms("start_ms"),
    ms("end_ms"),
    Column("blocks", Integer, nullable=False),
    ms("samples"),
    Column("digest", LargeBinary, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_series_pyramid_range", "series_id", "level", "start_ms", "end_ms", "blocks", "samples"),
    sqlite_autoincrement=True,
)
"""Segments of summaries, each over whole chunks that follow one another: a block of level 1 a chunk, 16 of level 0."""

series_latest = Table(
    "series_latest",
    metadata,
    Column("series_id", Number, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    ms("first_ms"),
    ms("last_ms"),
    Column("last_value", Measure),
    ms("unsummarised"),
    Column("thinned_from_ms", BigInteger),
    Column("thinned_to_ms", BigInteger),
    Index("ix_series_latest_unsummarised", "unsummarised"),
)
"""First and newest sample of what has left the head, which overlays it; and how far the pyramid is behind.

`unsummarised` counts chunks written since the pyramid was last looked after. In `[thinned_from_ms, thinned_to_ms)` the
samples are gone and only the pyramid tells of them.
"""

compaction = Table(
    "compaction",
    metadata,
    Column("name", Words, primary_key=True),
    ms("through_head_id"),
    ms("after_series_id"),
)
"""The round of compaction under way, so that any process goes on where another stopped."""
