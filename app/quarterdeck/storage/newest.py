"""Questions of the form "the newest row of each … not after t", answered by one index seek per subject.

No engine can be trusted to find that plan by itself, so the subjects are listed first and each is looked up.
"""

from __future__ import annotations

from sqlalchemy import CTE, Column, ColumnElement, Table, func, select


def subjects(column: Column[str]) -> CTE:
    """The different values of an indexed column as `subject`, each found by one seek beyond the one before."""
    table = column.table
    first = select(func.min(column).label("subject")).select_from(table)
    found = first.cte("subjects", recursive=True)
    following = select(func.min(column)).select_from(table).where(column > found.c.subject)
    step = select(following.correlate(found).scalar_subquery()).where(found.c.subject.is_not(None))
    return found.union_all(step)


def newest(source: Table | CTE, subject: ColumnElement[object], moments: Column[int], *, not_after_ms: int) -> CTE:
    """Per subject of a source the greatest of its moments not after an instant, as `subject` and `moment_ms`.

    `moments` is the second column of an index that begins with the subject's own column in the same table.
    """
    own = moments.table.primary_key.columns.values()[0]
    latest = select(func.max(moments)).where(own == subject, moments <= not_after_ms)
    looked_up = select(subject.label("subject"), latest.correlate(source).scalar_subquery().label("moment_ms"))
    return looked_up.select_from(source).cte("newest").prefix_with("MATERIALIZED")
