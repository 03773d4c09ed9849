"""What assumptions lead to, in sentences that say each time that they are assumed.

`tr` translates a text; without it texts stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.redundancy import Redundancy
from quarterdeck.services.what_if import Change, WhatIf
from quarterdeck.services.wording import dated_words, percent, state_words

Translate = Callable[[str], str]
_MOST_NAMED = 6


def untranslated(text: str) -> str:
    """A text as it is."""
    return text


def banner_words(count: int, time: str, tr: Translate = untranslated) -> str:
    """What stands above everything that is assumed; `time` is the moment it starts from, in words."""
    if not count:
        return tr("What if: nothing is assumed yet")
    if count == 1:
        return tr("Assumed, not real: 1 assumption, as of {time}").format(time=time)
    return tr("Assumed, not real: {count} assumptions, as of {time}").format(count=count, time=time)


def sentences(told: WhatIf, tr: Translate = untranslated, *, past: str = "") -> tuple[str, ...]:
    """What would follow, in the words of the business, the gravest first; `past` is the moment where it is not now."""
    return tuple(_sentences(told, past, tr))


def _sentences(told: WhatIf, past: str, tr: Translate) -> Iterable[str]:
    if not told.assumptions:
        yield tr("Nothing is assumed yet.")
        return
    if not told.changes:
        yield tr("Nothing else would be in another state.")
    yield from _hit(told, tr)
    lists = (
        (tr("Partners whose link would be hit ({count}): {names}."), told.partners),
        (_better_words(past, tr), tuple(one.entity for one in told.relieved)),
        (tr("The causes would be ({count}): {names}."), told.roots if told.hit() else ()),
        (tr("May be slowed, no rule tells how much ({count}): {names}."), told.uncertain),
        (tr("Integrations that it changes nothing for ({count}): {names}."), told.unaffected),
    )
    for words, entities in lists:
        if entities:
            yield words.format(count=len(entities), names=names(entities, tr))
    if not told.unaffected and told.hit():
        yield tr("No integration would stay as it is.")
    if told.hit():
        yield tr("This is the most that could follow: a second way that no rule declares is not counted.")


def _better_words(past: str, tr: Translate) -> str:
    if not past:
        return tr("Better off than now ({count}): {names}.")
    return tr("Better off than at {time} ({{count}}): {{names}}.").format(time=past)


def _hit(told: WhatIf, tr: Translate) -> Iterable[str]:
    for kind, words in _hit_words(tr):
        found = [one.entity for one in told.hit(kind)]
        if found:
            yield words.format(count=len(found), names=names(found, tr))


def _hit_words(tr: Translate) -> tuple[tuple[EntityKind, str], ...]:
    return (
        (EntityKind.PARTNER, tr("Partners hit ({count}): {names}.")),
        (EntityKind.INTEGRATION, tr("Integrations hit ({count}): {names}.")),
        (EntityKind.SERVICE, tr("Services hit ({count}): {names}.")),
        (EntityKind.COMPONENT, tr("Components hit ({count}): {names}.")),
        (EntityKind.EVENT_TYPE, tr("Would no longer happen, or not reliably ({count}): {names}.")),
        (EntityKind.CHANNEL, tr("Customers would hear nothing, or not reliably, by ({count}): {names}.")),
    )


def change_words(one: Change, tr: Translate = untranslated) -> str:
    """From what to what, and why: `healthy → unreachable, because PayHub`."""
    words = f"{state_words(one.before)} → {state_words(one.after)}"
    if not one.because:
        return words
    return tr("{change}, because of {names}").format(change=words, names=names(one.because, tr))


def redundancy_words(one: Redundancy, tr: Translate = untranslated) -> str:
    """How much of a group works, and what one more loss would take: `1 of 2 working, 1 needed; none to spare: …`.

    What is not known is told as such: `at most 1 of 2 working, 1 needed: not known`.
    """
    words = _counted_words(one, tr) if one.needed is not None else _weighed_words(one, tr)
    if one.is_unsure:
        return tr("{words}: not known").format(words=words)
    return f"{words}; {_left_words(one, tr)}"


def _counted_words(one: Redundancy, tr: Translate) -> str:
    count, needed = len(one.members), one.needed
    if not one.unknown:
        return tr("{working} of {count} working, {needed} needed").format(
            working=one.working, count=count, needed=needed
        )
    if one.is_lost or one.is_unsure:
        words, working = tr("at most {working} of {count} working, {needed} needed"), one.working + one.unknown
    else:
        words, working = tr("at least {working} of {count} working, {needed} needed"), one.working
    return words.format(working=working, count=count, needed=needed)


def _weighed_words(one: Redundancy, tr: Translate) -> str:
    share, needed = percent(one.share), percent(one.share_needed)
    if not one.unknown:
        return tr("{share} of the weight works, {needed} needed").format(share=share, needed=needed)
    if one.is_lost or one.is_unsure:
        words, share = tr("at most {share} of the weight works, {needed} needed"), percent(one.share_at_most)
    else:
        words = tr("at least {share} of the weight works, {needed} needed")
    return words.format(share=share, needed=needed)


def _left_words(one: Redundancy, tr: Translate) -> str:
    if one.is_lost:
        return tr("too few: it is lost")
    if one.is_last:
        others = [each for each in one.taken_by_one_more if each.key != one.entity.key]
        if not others:
            return tr("none to spare: one more would take {name}").format(name=one.entity.name)
        return tr("none to spare: one more would take {name}, and with it {names}").format(
            name=one.entity.name, names=names(others, tr)
        )
    return _spare_words(one, tr)


def _spare_words(one: Redundancy, tr: Translate) -> str:
    if one.unknown and not one.left:
        return tr("whether one more may fail is not known")
    if one.left is None:
        return tr("one more would not take it")
    words = tr("1 more may fail") if one.left == 1 else tr("{count} more may fail").format(count=one.left)
    return tr("at least {words}").format(words=words) if one.unknown else words


def other_groups_words(told: WhatIf, tr: Translate = untranslated) -> str:
    """How many groups nothing is assumed of; empty for none."""
    entities = {one.entity.key for one in told.redundancies}
    others = told.group_count - len(told.redundancies)
    if not others:
        return ""
    if not entities:
        return tr("No group with redundancy is touched, out of {count}.").format(count=told.group_count)
    return tr("Groups that are not touched: {count}.").format(count=others)


def names(entities: Sequence[Entity], tr: Translate = untranslated, most: int = _MOST_NAMED) -> str:
    """Names with commas, the first few of many."""
    listed = ", ".join(one.name for one in entities[:most])
    more = len(entities) - most
    return listed if more <= 0 else tr("{names} and {count} more").format(names=listed, count=more)


def report_text(told: WhatIf, tr: Translate = untranslated, *, past: str = "") -> str:
    """Everything as plain text, a line each, that says first and last that it is assumed, and from when it starts.

    `past` is that moment in words where it is not now.
    """
    lines = [tr("ASSUMED, NOT REAL"), banner_words(len(told.assumptions), dated_words(told.at), tr), ""]
    lines += [
        tr("Assumed: {name} {state} (really {real})").format(
            name=one.entity.name, state=state_words(one.state), real=state_words(one.real)
        )
        for one in told.assumptions
    ]
    lines += ["", *sentences(told, tr, past=past)]
    if told.changes:
        lines += ["", tr("What would change")]
        lines += [f"  {one.entity.name}: {change_words(one, tr)}" for one in told.changes]
    if told.redundancies:
        lines += ["", tr("Redundancy left")]
        lines += [f"  {one.entity.name}: {redundancy_words(one, tr)}" for one in told.redundancies]
    others = other_groups_words(told, tr)
    lines += [others] if others else []
    lines += ["", tr("None of this has happened: it is what the declared relations and rules lead to.")]
    return "\n".join(_plain(line) for line in lines)


def _plain(line: str) -> str:
    """A line without control characters, so that a name from outside cannot start a line of its own."""
    return "".join(letter if letter.isprintable() else " " for letter in line)


ASSUMABLE = (
    HealthState.DOWN,
    HealthState.UNREACHABLE,
    HealthState.DEGRADED,
    HealthState.MAINTENANCE,
    HealthState.STALE,
    HealthState.UNKNOWN,
    HealthState.HEALTHY,
)
"""The states that can be assumed, the gravest first."""
