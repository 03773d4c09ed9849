"""The list of panels holds what the rail can show."""

import pytest

from quarterdeck.ui.shell.panels import PANELS, PanelSpec
from quarterdeck.ui.theme.theme import Theme


@pytest.mark.parametrize("spec", PANELS, ids=[spec.id for spec in PANELS])
def test_each_panel_has_an_icon_that_exists(spec: PanelSpec, theme: Theme) -> None:
    assert not theme.icons.icon(spec.icon).isNull()


def test_no_two_panels_share_an_id_or_a_key() -> None:
    for values in ([spec.id for spec in PANELS], [spec.key for spec in PANELS]):
        assert len(set(values)) == len(values)
