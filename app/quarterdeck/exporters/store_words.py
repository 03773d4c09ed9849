"""What the terminal is told of a store: where, how large, how fast it grows, what it keeps; as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from quarterdeck.sdk.texts import counted
from quarterdeck.services.history_import import ImportedHistory
from quarterdeck.services.ports import StoreSummary
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, StoreGrowth
from quarterdeck.services.store_keeping import NO_LIMIT, growth_words, kept_words, room_words
from quarterdeck.services.wording import NO_VALUE, quantity


def info_text(summary: StoreSummary, growth: StoreGrowth) -> str:
    """The store in a few lines."""
    return _listed(
        {
            "Store": summary.url,
            "Revision": summary.revision,
            "Size": quantity(float(summary.size_bytes), "By"),
            "Growth": growth_words(growth),
            "Free on disk": NO_VALUE if growth.free_bytes is None else quantity(float(growth.free_bytes), "By"),
            "Room": room_words(growth) or _no_end_words(growth),
            **_kept(growth.policy),
            "Oldest sample": summary.oldest_sample_at.isoformat() if summary.oldest_sample_at else NO_VALUE,
            "Newest sample": summary.newest_sample_at.isoformat() if summary.newest_sample_at else NO_VALUE,
            **{
                name.capitalize(): _count_words(count, summary.versions.get(name))
                for name, count in summary.counts.items()
            },
        }
    )


def policy_text(policy: RetentionPolicy) -> str:
    """How long what is kept, in four lines."""
    return _listed(_kept(policy))


def vacuum_text(before_bytes: int, after_bytes: int) -> str:
    """What giving room back did."""
    before, after = quantity(float(before_bytes), "By"), quantity(float(after_bytes), "By")
    return f"The store takes {after}; it took {before}."


def import_text(found: ImportedHistory) -> str:
    """What was taken in, and what of it was not understood."""
    taken = f"{counted(found.samples, 'sample')} taken in, {counted(found.new_series, 'new series', 'new series')}."
    if not found.not_understood:
        return taken
    return f"{taken} {counted(found.not_understood, 'line')} without a series, a number or an instant left out."


def info_json(summary: StoreSummary, growth: StoreGrowth) -> str:
    """The store as one JSON object; sizes in bytes, times in days, null where there is no end or nobody knows."""
    trend, policy = growth.per_day, growth.policy
    document = {
        "url": summary.url,
        "revision": summary.revision,
        "size_bytes": summary.size_bytes,
        "growth": None
        if trend is None
        else {"bytes_per_day": trend.slope, "low_bytes_per_day": trend.low, "high_bytes_per_day": trend.high},
        "free_bytes": growth.free_bytes,
        "room_end": growth.room_end.value if growth.room_end else None,
        "days_left": _days_object(growth.days_left),
        "retention": {
            "samples_days": policy.raw_days,
            "fine_summaries_days": policy.fine_days,
            "coarse_summaries_days": policy.coarse_days,
            "limit_bytes": policy.limit_bytes,
        },
        "counts": dict(summary.counts),
        "versions": dict(summary.versions),
        "oldest_sample": summary.oldest_sample_at.isoformat() if summary.oldest_sample_at else None,
        "newest_sample": summary.newest_sample_at.isoformat() if summary.newest_sample_at else None,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _kept(policy: RetentionPolicy) -> Mapping[str, str]:
    limit = NO_LIMIT if policy.limit_bytes is None else quantity(float(policy.limit_bytes), "By")
    return {
        "Single samples": kept_words(policy.raw_days),
        "Fine summaries": kept_words(policy.fine_days),
        "Coarse summaries": kept_words(policy.coarse_days),
        "Limit": limit,
    }


def _no_end_words(growth: StoreGrowth) -> str:
    return "not known yet" if growth.per_day is None else "no end in sight"


def _days_object(left: DaysLeft | None) -> dict[str, float] | None:
    return None if left is None else {"earliest": left.earliest, "likely": left.likely, "latest": left.latest}


def _listed(facts: Mapping[str, str]) -> str:
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())


def _count_words(count: int, versions: int | None) -> str:
    return f"{count:,}" if versions is None else f"{count:,} ({counted(versions, 'version')})"
