"""What the store keeps and what a change would lead to, in words and figures."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from quarterdeck.services.retention_settings import RetentionOutlook
from quarterdeck.services.store_growth import StoreGrowth
from quarterdeck.services.store_keeping import growth_words, kept_words, room_words
from quarterdeck.services.wording import percent, quantity
from quarterdeck.ui.shell.time_words import moment_words
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Fact

_GIGABYTE = 2**30
_MEGABYTE = 2**20
_DECIMALS = 3
_NEARLY_ALL = 0.995
_HARDLY_ANY = 0.01


def samples_text(growth: StoreGrowth) -> str:
    """What stands in the field of single samples: `30 d`, `0.5 d`, `forever`."""
    days = growth.policy.raw_days
    return kept_words(None) if days is None else f"{_plain(days)} d"


def limit_text(growth: StoreGrowth) -> str:
    """What stands in the field of the limit: `20 GB`, `500 MB`, `none`."""
    limit_bytes = growth.policy.limit_bytes
    if limit_bytes is None:
        return "none"
    unit, name = (_GIGABYTE, "GB") if limit_bytes >= _GIGABYTE else (_MEGABYTE, "MB")
    return f"{_plain(limit_bytes / unit)} {name}"


def standing_facts(growth: StoreGrowth) -> tuple[Fact, ...]:
    """Size, growth, and what meets the store's end first."""
    free = growth.free_bytes
    size = quantity(float(growth.size_bytes), "By")
    if free is not None:
        size = _tr("{size}, {free} free on its disk").format(size=size, free=quantity(float(free), "By"))
    tone = Tone.DEGRADED if growth.is_warning else Tone.TEXT
    return (
        Fact(_tr("Size"), size),
        Fact(_tr("Growth"), _sentence(growth_words(growth))),
        Fact(_tr("Room"), room_words(growth) or _no_end_words(growth), tone),
        Fact(_tr("Summaries"), _summary_words(growth)),
    )


def outlook_words(outlook: RetentionOutlook, now: datetime) -> str:
    """What a change would lead to, to be read before it is saved."""
    parts = [_age_words(outlook, now), _limit_words(outlook)]
    if outlook.is_shorter:
        parts.append(_tr("Events, checks, changes, states and evidence stay untouched."))
    return " ".join(part for part in parts if part)


def _age_words(outlook: RetentionOutlook, now: datetime) -> str:
    if outlook.thinned_before is None:
        if outlook.before.raw_days is None:
            return ""
        return _tr("Single samples are no longer thinned by their age; those that are gone stay summaries.")
    kept = kept_words(outlook.after.raw_days)
    oldest = outlook.singles.oldest_at
    if oldest is None or oldest >= outlook.thinned_before:
        return _tr("Nothing held now is older than {kept}; later samples become summaries at that age.").format(
            kept=kept
        )
    words = _tr(
        "Single samples from {first} to {last}, {share} held, give way to their summaries of up to 256 each: "
        "extremes stay, single samples do not come back."
    )
    return words.format(
        first=moment_words(oldest, now),
        last=moment_words(outlook.thinned_before, now),
        share=_share_words(outlook.singles.share_before),
    )


def _share_words(share: float) -> str:
    if share >= _NEARLY_ALL:
        return _tr("nearly all")
    if share < _HARDLY_ANY:
        return _tr("less than 1% of those")
    return _tr("about {percent} of those").format(percent=percent(share))


def _limit_words(outlook: RetentionOutlook) -> str:
    limit_bytes = outlook.after.limit_bytes
    if limit_bytes == outlook.before.limit_bytes:
        return ""
    if limit_bytes is None:
        return _tr("Nothing is thinned any more for the sake of room.")
    limit = quantity(float(limit_bytes), "By")
    if not outlook.excess_bytes:
        size = quantity(float(outlook.size_bytes), "By")
        return _tr("The store takes {size}: below {limit} nothing goes for the sake of room.").format(
            size=size, limit=limit
        )
    words = _tr(
        "The store is {excess} over {limit}: once an hour its oldest day of single samples gives way, until it fits; "
        "those of the last day stay."
    )
    return words.format(excess=quantity(float(outlook.excess_bytes), "By"), limit=limit)


def _no_end_words(growth: StoreGrowth) -> str:
    if growth.policy.limit_bytes is None and growth.free_bytes is None:
        return _tr("No limit is set.")
    if growth.per_day is None:
        return _tr("When it ends is told once the growth is known.")
    return _tr("No end in sight.")


def _summary_words(growth: StoreGrowth) -> str:
    fine, coarse = kept_words(growth.policy.fine_days), kept_words(growth.policy.coarse_days)
    if fine == coarse:
        return (
            _tr("Kept {fine}").format(fine=fine)
            if growth.policy.fine_days is None
            else _tr("Kept for {fine}").format(fine=fine)
        )
    return _tr("Fine ones {fine}, coarse ones {coarse}").format(fine=fine, coarse=coarse)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plain(number: float) -> str:
    return f"{number:.{_DECIMALS}f}".rstrip("0").rstrip(".")


def _tr(text: str) -> str:
    return QCoreApplication.translate("RetentionWords", text)
