"""Forms from manifests, and drafts from what was typed into them. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from quarterdeck.domain.connections import Connection
from quarterdeck.sdk.manifest import Manifest, SettingSpec
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.services.connection_drafts import (
    LONGEST_POLL_SECONDS,
    NAME_KEY,
    POLL_KEY,
    SHORTEST_POLL_SECONDS,
    ConnectionDraft,
    draft_of_connection,
    draft_of_form,
    unused_name,
)
from quarterdeck.ui.panels.connectors.state import FieldValue, FieldWords, FormState, Line
from quarterdeck.ui.panels.connectors.words import every_words

Translate = Callable[[str], str]
Values = Mapping[str, FieldValue]

HISTORY_KEY = "history_days"
_USUAL_PLACE = "Kept in the keyring of this computer, never in the store."


def form_to_add(
    manifest: Manifest, secret_words: str, tr: Translate, *, taken_names: Collection[str] = ()
) -> FormState:
    """The form for a new connection of a kind, with a name that no other connection has."""
    title = tr("Add connection · {kind}").format(kind=manifest.title)
    return FormState(
        key=f"new {manifest.id}",
        connector_id=manifest.id,
        connection_id="",
        title=title,
        summary=manifest.summary,
        fields=_fields(manifest, None, secret_words, tr),
        values=((NAME_KEY, unused_name(manifest.title, taken_names)), (POLL_KEY, manifest.poll_seconds)),
        save_verb=tr("Save and start"),
    )


def form_to_edit(connection: Connection, manifest: Manifest, secret_words: str, tr: Translate) -> FormState:
    """The form for a connection there is; of one that a document declares only the secrets can be set."""
    form = FormState(
        key=f"edit {connection.id}",
        connector_id=manifest.id,
        connection_id=connection.id,
        title=tr("{name} · {kind}").format(name=connection.name, kind=manifest.title),
        summary=manifest.summary,
        fields=_fields(manifest, connection, secret_words, tr),
        values=((NAME_KEY, connection.name), (POLL_KEY, connection.poll_seconds), *connection.settings),
        save_verb=tr("Save"),
    )
    if not connection.managed_by:
        return form
    secrets = tuple(field for field in form.fields if field.is_secret and field.key in connection.secret_names)
    words = tr("The estate document {document} declares this connection; only its secrets are set here.")
    return replace(
        form,
        fields=tuple(replace(field, is_advanced=False) for field in secrets),
        values=(),
        remark=words.format(document=connection.managed_by),
        fixed=_fixed(connection, manifest, tr),
    )


def draft_of(form: FormState, manifest: Manifest, held: Connection | None, typed: Values) -> ConnectionDraft:
    """What was typed, as a draft; `held` is the connection that is edited."""
    if held is not None and held.managed_by:
        secrets = tuple(sorted((key, str(value)) for key, value in typed.items()))
        return replace(draft_of_connection(held), secrets=secrets)
    values = {key: value for key, value in typed.items() if key not in {NAME_KEY, POLL_KEY}}
    poll = typed.get(POLL_KEY)
    return draft_of_form(
        manifest,
        str(typed.get(NAME_KEY, "")),
        values,
        poll_seconds=float(poll) if poll is not None else None,
        connection_id=form.connection_id,
    )


def _fields(manifest: Manifest, held: Connection | None, secret_words: str, tr: Translate) -> tuple[FieldWords, ...]:
    usual = tr("{time} is usual for this kind of source.").format(time=every_words(manifest.poll_seconds))
    called = tr("What the connection is called in lists.")
    name = FieldWords(NAME_KEY, tr("Name"), called, is_required=True, is_tested=False)
    poll = FieldWords(
        POLL_KEY,
        tr("Ask every"),
        usual,
        kind=SettingKind.DURATION.value,
        is_required=True,
        default=manifest.poll_seconds,
        minimum=SHORTEST_POLL_SECONDS,
        maximum=LONGEST_POLL_SECONDS,
        is_tested=False,
    )
    kept = frozenset(held.secret_names if held is not None else ())
    settings = tuple(_field(spec, secret_words, tr, keeps=spec.key in kept) for spec in manifest.settings)
    plain = tuple(field for field in settings if not field.is_advanced)
    advanced = tuple(field for field in settings if field.is_advanced)
    return (name, *plain, poll, *advanced)


def _field(spec: SettingSpec, secret_words: str, tr: Translate, *, keeps: bool) -> FieldWords:
    hint = spec.hint
    if spec.secret:
        rest = hint.replace(_USUAL_PLACE, "").strip()
        kept = tr("Leave it empty and it stays as it is.") if keeps else ""
        hint = " ".join(part for part in (rest, kept, secret_words) if part)
    return FieldWords(
        key=spec.key,
        label=spec.label,
        hint=hint,
        kind=spec.kind.value,
        is_required=spec.required and not keeps,
        is_secret=spec.secret,
        choices=spec.choices,
        default=spec.default,
        minimum=spec.minimum,
        maximum=spec.maximum,
        placeholder=tr("unchanged") if keeps else "",
        is_advanced=spec.advanced,
        keeps=keeps,
    )


def _fixed(connection: Connection, manifest: Manifest, tr: Translate) -> tuple[Line, ...]:
    """What a document declares of a connection, to be read only."""
    lines = [Line(tr("Asked"), tr("every {time}").format(time=every_words(connection.poll_seconds)))]
    for key, value in connection.settings:
        spec = manifest.setting(key)
        if spec is None or not spec.secret:
            lines.append(Line(spec.label if spec else key, str(value)))
    return tuple(lines)
