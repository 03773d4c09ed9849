"""What an inquiry found, in sentences a person can repeat on the telephone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.consequences import Cause, Causes, Follower, Impact, causes_of, impact_of
from quarterdeck.services.relationships import GraphEntity, RelationshipReport
from quarterdeck.services.wording import domain_words, moment_words, quantity, state_words
from quarterdeck.ui.panels.relationships.graph_view import GraphView
from quarterdeck.ui.panels.relationships.node_words import Translate, edge_id, kind_words, why_words
from quarterdeck.ui.panels.relationships.state import Answer, Inquiry, InquiryLine, Wish

_MOST_NAMED = 4
_TOP_TIER = 1


def answer_of(report: RelationshipReport, wish: Wish, view: GraphView, at: datetime, tr: Translate) -> Answer | None:
    """What the wish asks about an entity; None where nothing is asked."""
    if wish.inquiry is Inquiry.NOTHING:
        return None
    if wish.inquiry is Inquiry.IMPACT:
        impact = impact_of(wish.inquiry_key, report)
        return _impact(impact, view, tr) if impact else _nobody(wish, tr)
    causes = causes_of(wish.inquiry_key, report)
    return _causes(causes, view, at, tr) if causes else _nobody(wish, tr)


def _nobody(wish: Wish, tr: Translate) -> Answer:
    if wish.inquiry_key:
        words = tr("{key} is not in the estate at this moment.").format(key=wish.inquiry_key)
    elif wish.inquiry is Inquiry.IMPACT:
        words = tr("Choose what would be lost: on the map, in a table, or anywhere else in the console.")
    else:
        words = tr("Choose what is to be explained: on the map, in a table, or anywhere else in the console.")
    title = tr("Impact") if wish.inquiry is Inquiry.IMPACT else tr("Causes")
    return Answer(wish.inquiry, wish.inquiry_key, title, HealthState.UNKNOWN, (words,))


def _impact(impact: Impact, view: GraphView, tr: Translate) -> Answer:
    name = impact.entity.entity.name
    spread = _spreading(view, impact)
    keys = frozenset({impact.entity.key, *(one.entity.key for one in impact.followers)})
    facts = (
        (tr("Domains"), ", ".join(domain_words(domain) for domain in impact.domains)),
        (tr("Requests"), _requests(impact, tr)),
        (tr("Tier 1"), _names(_top_tier(impact), tr)),
        (tr("To be told"), ", ".join(impact.owners)),
    )
    return Answer(
        inquiry=Inquiry.IMPACT,
        entity_key=impact.entity.key,
        title=tr("If {name} is lost").format(name=name),
        state=impact.entity.state,
        sentences=tuple(_impact_sentences(impact, tr)),
        facts=tuple((label, value) for label, value in facts if value) if impact.followers else (),
        lines=tuple(_follower_line(one, _names_in(impact), tr) for one in impact.followers),
        node_ids=_node_ids(view, keys),
        edge_ids=_edge_ids(view, spread),
        relation_keys=spread,
    )


def _names_in(impact: Impact) -> dict[str, str]:
    """The names of everything an impact touches, by key."""
    return {one.key: one.entity.name for one in (impact.entity, *(one.entity for one in impact.followers))}


def _impact_sentences(impact: Impact, tr: Translate) -> Iterable[str]:
    if not impact.followers:
        yield tr("Nothing in the estate depends on it.")
        return
    counts = ", ".join(
        _counted(kind, found, tr) for kind in EntityKind if (found := len(impact.of_kind(kind))) and kind in _COUNTED
    )
    if counts:
        yield tr("It would take with it {counts}.").format(counts=counts)
    events = impact.of_kind(EntityKind.EVENT_TYPE)
    if events:
        yield tr("No longer happening: {names}.").format(names=_names(events, tr))
    channels = impact.of_kind(EntityKind.CHANNEL)
    if channels:
        yield tr("Customers would not hear of it by {names}.").format(names=_names(channels, tr))
    yield tr("This is the most it can take: a second way, where there is one, is not counted.")


_COUNTED = frozenset({EntityKind.PARTNER, EntityKind.INTEGRATION, EntityKind.SERVICE, EntityKind.COMPONENT})


def _counted(kind: EntityKind, count: int, tr: Translate) -> str:
    words = {
        EntityKind.PARTNER: (tr("1 partner"), tr("{count} partners")),
        EntityKind.INTEGRATION: (tr("1 integration"), tr("{count} integrations")),
        EntityKind.SERVICE: (tr("1 service"), tr("{count} services")),
        EntityKind.COMPONENT: (tr("1 component"), tr("{count} components")),
    }
    one, many = words[kind]
    return one if count == 1 else many.format(count=count)


def _names(entities: Sequence[GraphEntity], tr: Translate) -> str:
    names = [one.entity.name for one in entities[:_MOST_NAMED]]
    more = len(entities) - len(names)
    return ", ".join(names) + (tr(" and {count} more").format(count=more) if more else "")


def _top_tier(impact: Impact) -> tuple[GraphEntity, ...]:
    return tuple(one.entity for one in impact.followers if one.entity.entity.tier == _TOP_TIER)


def _requests(impact: Impact, tr: Translate) -> str:
    rate = impact.requests_per_second
    return "" if rate is None else tr("{rate} go through it now").format(rate=quantity(rate, "1/s"))


def _follower_line(one: Follower, names: dict[str, str], tr: Translate) -> InquiryLine:
    return InquiryLine(
        entity_key=one.entity.key,
        state=one.entity.state,
        name=one.entity.entity.name,
        note=tr("{kind}, directly").format(kind=kind_words(one.entity.entity.kind, tr))
        if one.steps == 1
        else tr("{kind}, {steps} steps").format(kind=kind_words(one.entity.entity.kind, tr), steps=one.steps),
        tip=" → ".join(names[key] for key in one.way),
    )


def _causes(causes: Causes, view: GraphView, at: datetime, tr: Translate) -> Answer:
    keys = frozenset({causes.entity.key, *(key for one in causes.causes for key in one.way)})
    ways = {pair for one in causes.causes for pair in pairwise(one.way)}
    on_the_way = frozenset(
        one.key for edge in view.edges for one in edge.relations if (one.needed_key, one.dependent_key) in ways
    )
    names = {member.key: member.entity.name for node in view.nodes for member in node.members}
    return Answer(
        inquiry=Inquiry.CAUSES,
        entity_key=causes.entity.key,
        title=tr("What explains {name}").format(name=causes.entity.entity.name),
        state=causes.entity.state,
        sentences=tuple(_cause_sentences(causes, at, tr)),
        lines=tuple(_cause_line(one, names, tr) for one in causes.causes),
        node_ids=_node_ids(view, keys),
        edge_ids=_edge_ids(view, on_the_way),
        relation_keys=on_the_way,
    )


def _cause_sentences(causes: Causes, at: datetime, tr: Translate) -> Iterable[str]:
    name, state = causes.entity.entity.name, state_words(causes.entity.state)
    if causes.is_in_trouble:
        since = causes.entity.since_at
        reason = why_words(causes.entity, tr)
        words = tr("{name} is {state} since {time}: {reason}.") if since else tr("{name} is {state}: {reason}.")
        yield words.format(name=name, state=state, time=moment_words(since, at) if since else "", reason=reason)
    else:
        yield tr("{name} is {state}: there is no trouble to explain.").format(name=name, state=state)
    yield from _upstream_sentences(causes, at, tr)
    if causes.silent:
        silent = _names(causes.silent, tr)
        yield tr("Nothing fresh is known of {names}, on which it depends: a cause may hide there.").format(names=silent)


def _upstream_sentences(causes: Causes, at: datetime, tr: Translate) -> Iterable[str]:
    roots = [one for one in causes.causes if one.is_root and not one.began_later]
    if roots and causes.is_in_trouble:
        first = roots[0]
        yield tr("It depends on {root}, which is {state}{since}: {reason}.").format(
            root=first.entity.entity.name,
            state=state_words(first.entity.state),
            since=_since(first, at, tr),
            reason=why_words(first.entity, tr),
        )
    elif causes.causes:
        yield tr("Of what it depends on, this is in trouble:")
    elif not causes.upstream_count:
        yield tr("It depends on nothing else in the estate.")
    else:
        yield _sound_upstream(causes, tr)


def _sound_upstream(causes: Causes, tr: Translate) -> str:
    """That the cause is not upstream."""
    if causes.upstream_count == 1:
        if causes.is_in_trouble:
            return tr("The only one it depends on is not in trouble: look for the cause in itself.")
        return tr("The only one it depends on is not in trouble.")
    words = tr("None of the {count} it depends on is in trouble.")
    if causes.is_in_trouble:
        words = tr("None of the {count} it depends on is in trouble: look for the cause in itself.")
    return words.format(count=causes.upstream_count)


def _since(cause: Cause, at: datetime, tr: Translate) -> str:
    since = cause.entity.since_at
    return tr(" since {time}").format(time=moment_words(since, at)) if since else ""


def _cause_line(one: Cause, names: dict[str, str], tr: Translate) -> InquiryLine:
    parts = [tr("root") if one.is_root else tr("follows another"), _onset(one, tr)]
    return InquiryLine(
        entity_key=one.entity.key,
        state=one.entity.state,
        name=one.entity.entity.name,
        note=", ".join(part for part in parts if part),
        tip="\n".join((why_words(one.entity, tr), " → ".join(names.get(key, key) for key in one.way))),
    )


def _onset(one: Cause, tr: Translate) -> str:
    if one.seconds_before is None:
        return ""
    if one.began_later:
        return tr("began {time} later").format(time=duration_words(-one.seconds_before))
    if one.seconds_before < _A_MINUTE:
        return tr("began with it")
    return tr("began {time} before").format(time=duration_words(one.seconds_before))


_A_MINUTE = 60.0


def _node_ids(view: GraphView, keys: frozenset[str]) -> frozenset[str]:
    return frozenset(node.id for node in view.nodes if any(member.key in keys for member in node.members))


def _spreading(view: GraphView, impact: Impact) -> frozenset[str]:
    """The relations over which a loss spreads: both ends are touched, and what is lost is not what depends."""
    keys = {impact.entity.key, *(one.entity.key for one in impact.followers)}
    return frozenset(
        one.key
        for edge in view.edges
        for one in edge.relations
        if one.needed_key in keys and one.dependent_key in keys and one.dependent_key != impact.entity.key
    )


def _edge_ids(view: GraphView, relation_keys: frozenset[str]) -> frozenset[str]:
    return frozenset(
        edge_id(view.nodes, edge) for edge in view.edges if any(one.key in relation_keys for one in edge.relations)
    )
