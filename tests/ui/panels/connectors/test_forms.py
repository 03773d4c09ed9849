"""Forms of the connectors that come with the program: what is left as it stands is kept as it stands."""

from importlib.resources import files

import pytest

from quarterdeck.sdk.manifest import Manifest, load_manifest
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.services.connection_drafts import NAME_KEY
from quarterdeck.ui.panels.connectors.forms import draft_of, form_to_add
from quarterdeck.ui.panels.connectors.models import field_specs
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.settings_form import SettingsForm

KINDS = (
    "event_feed", "estate_file", "http_probe", "openmetrics", "prometheus", "scan_reports", "status_page",
    "this_machine",
)  # fmt: skip
MANIFESTS = tuple(load_manifest(files("quarterdeck.connectors") / kind / "manifest.toml") for kind in KINDS)


def filled(theme: Theme, manifest: Manifest, **typed: str | int | float | bool) -> dict[str, object]:
    form = form_to_add(manifest, "", str)
    fields = SettingsForm(theme, field_specs(form.fields))
    fields.set_values({**dict(form.values), NAME_KEY: "A name", **typed})
    settings = dict(draft_of(form, manifest, None, fields.values()).settings)
    fields.deleteLater()
    return dict(settings)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=KINDS)
def test_a_field_that_nobody_touched_keeps_its_default(manifest: Manifest, theme: Theme) -> None:
    kept = filled(theme, manifest)
    defaults = {spec.key: spec.default for spec in manifest.settings if spec.default not in {None, ""}}
    assert {key: kept.get(key) for key in defaults} == defaults


@pytest.mark.parametrize("manifest", MANIFESTS, ids=KINDS)
@pytest.mark.parametrize("is_on", [True, False])
def test_a_flag_is_kept_as_it_was_set(manifest: Manifest, theme: Theme, *, is_on: bool) -> None:
    flags = [spec.key for spec in manifest.settings if spec.kind is SettingKind.FLAG]
    kept = filled(theme, manifest, **dict.fromkeys(flags, is_on))
    assert [kept[key] for key in flags] == [is_on] * len(flags)
