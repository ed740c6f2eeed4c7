"""Short texts that several documents and messages of this family say in the same way."""

from collections.abc import Mapping
from typing import Any


def number_text(fields: Mapping[str, Any]) -> str:
    """A problem's number as the source gives it, or that it has none."""
    return str(fields["number"] or "无号")


def close_out_text(fields: Mapping[str, Any]) -> str:
    """The close-out number as the register prints it, 〔2025〕7号; empty before there is one."""
    number, year = fields["close_out_number"], fields["close_out_year"]
    return f"〔{year}〕{number}号" if number else ""
