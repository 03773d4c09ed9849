"""Commands told in sentences lead to the store of whoever reads them."""

import pytest

from quarterdeck.services.told_commands import Place, place_of
from quarterdeck.services.workspace import Workspace, open_workspace

APPLY = "The estate is empty. `quarterdeck apply FILE` declares it."


def test_the_usual_place_needs_no_option() -> None:
    assert Place().leading_here(APPLY) == APPLY


@pytest.mark.parametrize(
    ("place", "options"),
    [
        (Place(portable=True), "--portable"),
        (Place(profile="production"), "--profile production"),
        (Place(store="my stores/console.db"), "--store 'my stores/console.db'"),
        (Place("x.db", "night", portable=True), "--portable --profile night --store x.db"),
    ],
    ids=["portable", "profile", "store", "all"],
)
def test_a_place_that_was_named_is_carried_along(place: Place, options: str) -> None:
    assert place.leading_here(APPLY) == f"The estate is empty. `quarterdeck apply FILE {options}` declares it."


def test_the_program_without_a_command_is_carried_along_too() -> None:
    assert Place(portable=True).leading_here("Start `quarterdeck`.") == "Start `quarterdeck --portable`."


def test_a_command_that_names_its_store_or_profile_keeps_it() -> None:
    told = "`quarterdeck status --store=other.db` or `quarterdeck demo --profile demo-9`"
    assert Place("x.db", "night").leading_here(told) == told


def test_another_profile_of_a_portable_place_lies_there_too() -> None:
    told = "`quarterdeck demo --profile demo-9` or `quarterdeck demo --portable`"
    led = Place(portable=True).leading_here(told)
    assert led == "`quarterdeck demo --profile demo-9 --portable` or `quarterdeck demo --portable`"


def test_only_commands_in_backquotes_are_taken_for_commands() -> None:
    told = "Keep `quarterdeck-data`, and quarterdeck status."
    assert Place(portable=True).leading_here(told) == told


def test_the_demo_has_a_profile_of_its_own_that_goes_without_saying() -> None:
    told = "`quarterdeck demo` or `quarterdeck status`"
    assert Place(profile="demo").leading_here(told) == "`quarterdeck demo` or `quarterdeck status --profile demo`"


def test_nobody_is_sent_with_the_demo_into_a_store_that_was_not_named() -> None:
    assert Place().leading_here("`quarterdeck demo`") == "`quarterdeck demo`"
    assert Place(profile="default").leading_here("`quarterdeck demo`") == "`quarterdeck demo --profile default`"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:se@cr/et@db/console", "'postgresql://ann:***@db/console'"),
        (
            "postgresql://db/console?user=ann&password=se@cret&x=1",
            "'postgresql://db/console?user=ann&password=***&x=1'",
        ),
    ],
    ids=["before the host", "in the query"],
)
def test_a_password_is_not_repeated(address: str, shown: str) -> None:
    assert Place(address).leading_here("`quarterdeck status`") == f"`quarterdeck status --store {shown}`"


@pytest.mark.parametrize(
    ("workspace", "options"),
    [
        (open_workspace(), ""),
        (open_workspace(profile="demo", portable=True), " --portable --profile demo"),
        (open_workspace(store_url="/srv/console.db"), " --store /srv/console.db"),
    ],
    ids=["usual", "portable", "store"],
)
def test_a_workspace_is_led_to_by_the_options_it_was_opened_with(workspace: Workspace, options: str) -> None:
    place = place_of(workspace)
    assert place.leading_here("`quarterdeck apply FILE`") == f"`quarterdeck apply FILE{options}`"
