"""The kinds of columns that tables are made of, whatever the engine."""

from __future__ import annotations

import re

from sqlalchemy import BigInteger, Column, Dialect, Double, Integer, MetaData, Text
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

_UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")

FOREVER = 2**63 - 1
"""The end of what still holds."""


def storable_text(text: str) -> str:
    """The text with what no engine can keep (lone surrogates, NUL) replaced by the replacement character."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("�", text)


class Words(TypeDecorator[str]):
    """Text from anywhere, made storable on its way in."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable_text(value)


metadata = MetaData()
Measure: Double[float] = Double()
Number = BigInteger().with_variant(Integer, "sqlite")


def number_key() -> Column[int]:
    """A number that is given with each row and never again."""
    return Column("id", Number, primary_key=True, autoincrement=True)


def words(name: str, *, index: bool = False) -> Column[str]:
    """Text that is always there, empty at least."""
    return Column(name, Words, nullable=False, index=index)


def ms(name: str, *, index: bool = False) -> Column[int]:
    """A whole number as large as an instant in milliseconds."""
    return Column(name, BigInteger, nullable=False, index=index)
