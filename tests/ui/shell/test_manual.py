"""Every key of the frame is in the manual."""

from quarterdeck.services.resources import read_resource_text
from tests.support.consoles import ConsoleBench


def test_every_key_of_the_frame_is_in_the_manual(bench: ConsoleBench) -> None:
    page = read_resource_text("help/keys.md").replace("←", "Left").replace("→", "Right")
    digits = {str(number) for number in range(1, 9)}
    keys = {spec.key for spec in bench.console.registry.specs() if spec.key and not spec.place} - digits
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def test_every_layout_that_is_offered_is_in_the_manual(bench: ConsoleBench) -> None:
    page = read_resource_text("help/window.md")
    names = [spec.text for spec in bench.console.registry.specs() if spec.id.startswith("layout.")]
    offered = [name.split(": ")[1] for name in names if ": " in name]
    assert offered
    assert [name for name in offered if f"*{name}*" not in page] == []
