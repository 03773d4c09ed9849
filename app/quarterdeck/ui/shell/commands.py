"""Every command of the frame as an action: panels, places, ranges, layouts, looks; found by the palette and by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt

from quarterdeck.domain.instants import EPOCH
from quarterdeck.services.preferences import ThemePreference
from quarterdeck.ui.shell.layouts import LayoutSpec
from quarterdeck.ui.shell.palette_ranking import PaletteItem
from quarterdeck.ui.shell.panels import PanelSpec
from quarterdeck.ui.shell.places import RangeChoice
from quarterdeck.ui.shell.time_words import RANGE_PRESETS, range_words
from quarterdeck.ui.widgets.actions import ActionRegistry, ActionSpec

ACTION_PREFIX: Final = "action:"
LAYOUT_PREFIX: Final = "layout.own."
_MAINTENANCE: Final = "maintenance"
_BEHIND_ENTITIES: Final = 1
_CONTEXT: Final = "Commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTargets:
    """What the commands do, each a call."""

    open_palette: Callable[[], object]
    open_panel: Callable[[str], object]
    open_beside: Callable[[str], object]
    back: Callable[[], object]
    forward: Callable[[], object]
    zoom_back: Callable[[], object]
    go_live: Callable[[], object]
    choose_range: Callable[[RangeChoice], object]
    ask_range: Callable[[], object]
    plan_maintenance: Callable[[], object]
    toggle_inspector: Callable[[], object]
    toggle_rail: Callable[[], object]
    show_keys: Callable[[], object]
    open_settings: Callable[[], object]
    import_estate: Callable[[], object]
    open_about: Callable[[], object]
    choose_theme: Callable[[ThemePreference], object]
    use_layout: Callable[[LayoutSpec], object]
    save_layout: Callable[[], object]
    quit: Callable[[], object]


def add_commands(
    registry: ActionRegistry, targets: CommandTargets, panels: Sequence[PanelSpec], layouts: Sequence[LayoutSpec]
) -> None:
    """Make the actions of the frame."""
    for spec in panels:
        title = spec.shown_title
        registry.add(
            ActionSpec(f"panel.{spec.id}", title, icon=spec.icon, key=spec.key), partial(targets.open_panel, spec.id)
        )
    if any(spec.id == _MAINTENANCE for spec in panels):
        plan = ActionSpec("maintenance.plan", _words("Plan maintenance…"), icon="wrench", key="Ctrl+M")
        registry.add(plan, targets.plan_maintenance)
    _add_places(registry, targets)
    _add_frame(registry, targets)
    for preset in RANGE_PRESETS:
        name = _range_name(preset)
        registry.add(ActionSpec(f"range.{int(preset.seconds)}", name), partial(targets.choose_range, preset))
    registry.add(ActionSpec("range.custom", _words("Between two times…")), targets.ask_range)
    for layout in layouts:
        text = _words("Layout: {name}").format(name=layout.shown_title)
        registry.add(ActionSpec(f"layout.{layout.id}", text, icon="layout"), partial(targets.use_layout, layout))
    registry.add(ActionSpec("layout.save", _words("Keep this layout…"), icon="layout"), targets.save_layout)
    for spec in panels:
        text = _words("{panel} beside this").format(panel=spec.shown_title)
        registry.add(ActionSpec(f"beside.{spec.id}", text, icon="columns"), partial(targets.open_beside, spec.id))
    for theme, text in _theme_names().items():
        registry.add(ActionSpec(f"setting.theme.{theme.value}", text), partial(targets.choose_theme, theme))


def action_items(registry: ActionRegistry, panels: Sequence[PanelSpec]) -> tuple[PaletteItem, ...]:
    """The listed actions as the palette offers them."""
    titles = {spec.id: spec.shown_title for spec in panels}
    return tuple(
        PaletteItem(
            ACTION_PREFIX + spec.id,
            spec.text,
            titles.get(spec.place) or _kind(spec.id),
            shortcut=spec.key,
            bias=_BEHIND_ENTITIES,
        )
        for spec in registry.listed()
    )


def _add_places(registry: ActionRegistry, targets: CommandTargets) -> None:
    for spec, run in (
        (ActionSpec("place.back", _words("Back"), icon="arrow-left", key="Alt+Left"), targets.back),
        (ActionSpec("place.forward", _words("Forward"), icon="arrow-right", key="Alt+Right"), targets.forward),
        (ActionSpec("place.live", _words("Go live"), icon="broadcast", key="L"), targets.go_live),
    ):
        registry.add(spec, run)
    # Esc reaches the window only when nothing inside wants it; as a shortcut it would come before everything else.
    unzoom = registry.add(ActionSpec("place.unzoom", _words("Zoom back"), key="Esc"), targets.zoom_back)
    unzoom.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)


def _add_frame(registry: ActionRegistry, targets: CommandTargets) -> None:
    for spec, run in (
        (
            ActionSpec("palette.open", _words("Find anything or run a command"), key="Ctrl+K", is_listed=False),
            targets.open_palette,
        ),
        (ActionSpec("frame.inspector", _words("Show or hide the inspector"), key="I"), targets.toggle_inspector),
        (ActionSpec("frame.rail", _words("Narrow or widen the rail"), key="Ctrl+B"), targets.toggle_rail),
        (ActionSpec("frame.keys", _words("Keys of this place"), icon="keyboard", key="?"), targets.show_keys),
        (ActionSpec("setting.open", _words("Settings"), icon="gear", key="Ctrl+,"), targets.open_settings),
        (ActionSpec("estate.import", _words("Import an estate…"), icon="download-simple"), targets.import_estate),
        (ActionSpec("frame.about", _words("About Quarterdeck"), icon="info"), targets.open_about),
        (ActionSpec("frame.quit", _words("Quit"), icon="sign-out", key="Ctrl+Q"), targets.quit),
    ):
        registry.add(spec, run)


def _range_name(preset: RangeChoice) -> str:
    return range_words(preset, EPOCH)


def _theme_names() -> dict[ThemePreference, str]:
    return {
        ThemePreference.SYSTEM: _words("Theme: as the system"),
        ThemePreference.DARK: _words("Theme: dark"),
        ThemePreference.LIGHT: _words("Theme: light"),
    }


def _kind(action_id: str) -> str:
    kinds = {
        "panel": _words("panel"),
        "beside": _words("panel"),
        "range": _words("range"),
        "layout": _words("layout"),
        "setting": _words("setting"),
    }
    return kinds.get(action_id.split(".", 1)[0], _words("command"))


def _words(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
