"""How a connector's setting is edited. Apart from the manifest, so that judging settings does not load its schema."""

from enum import StrEnum


class SettingKind(StrEnum):
    """How a setting is edited."""

    TEXT = "text"
    MULTILINE = "multiline"
    NUMBER = "number"
    DURATION = "duration"
    CHOICE = "choice"
    FLAG = "flag"
    FILE = "file"
