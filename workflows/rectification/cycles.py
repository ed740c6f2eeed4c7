"""The cycles of a recurring duty: months, quarters, years, by their label, in calendar order."""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(day: date, per: str) -> str:
    """The label of the period a day lies in: 2026-07, 2026Q3, 2026."""
    if per == "year":
        return f"{day.year}"
    return f"{day.year}-{day.month:02}" if per == "month" else f"{day.year}Q{(day.month - 1) // 3 + 1}"


def first_day(period: str) -> date:
    """The first day of a period by its label. Raises ValueError for what is no label."""
    year, separator, rest = period.replace("Q", "-Q").partition("-")
    if not separator:
        return date(int(year), 1, 1)
    month = (int(rest[1:]) - 1) * 3 + 1 if rest.startswith("Q") else int(rest)
    return date(int(year), month, 1)


def first_day_after(period: str, per: str) -> date:
    """The first day of the period after this one."""
    first = first_day(period)
    months = first.year * 12 + first.month - 1 + MONTHS[per]
    return date(months // 12, months % 12 + 1, 1)


def last_day(period: str, per: str) -> date:
    return first_day_after(period, per) - timedelta(days=1)


def next_period(period: str, per: str) -> str:
    return period_of(first_day_after(period, per), per)


def previous_period(period: str, per: str) -> str:
    return period_of(first_day(period) - timedelta(days=1), per)
