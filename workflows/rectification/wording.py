"""Short texts that several documents and messages of this family say in the same way."""

from collections.abc import Mapping
from typing import Any

from engine.definitions import Definition
from engine.view import View
from engine.words import Words

MILESTONES = {
    "feedback_meeting": "反馈会",
    "feedback_published": "反馈意见公开",
    "plan_reported": "整改方案报送",
    "rectification": "集中整改期限届满",
    "body_report": "党组织整改报告",
    "head_report": "主要负责人整改报告",
    "democratic_life_meeting": "专题民主生活会",
    "published_inside": "党内通报",
    "published_to_public": "向社会公开",
    "evaluation": "整改评估",
    "continuing": "持续整改",
    "archive": "归档",
}


def step_text(view: View, words: Words, key: str) -> str:
    """What the step of an alert is called, by its key "ladder.step"; of a ladder no longer in force the key."""
    step = view.step(key)
    return words.label(step.label) if step else key


def number_text(fields: Mapping[str, Any]) -> str:
    """A problem's number as the source gives it, or that it has none."""
    return str(fields["number"] or "无号")


def close_out_text(fields: Mapping[str, Any]) -> str:
    """The close-out number as the register prints it, 〔2025〕7号; empty before there is one."""
    number, year = fields["close_out_number"], fields["close_out_year"]
    return f"〔{year}〕{number}号" if number else ""


def matter_text(definition: Definition, fields: Mapping[str, Any]) -> str:
    """What something other than a problem is called: its kind, then its own name."""
    own = (
        fields.get("title") or fields.get("text") or MILESTONES.get(fields.get("name", "")) or fields.get("number")
    )
    return f"{definition.label['zh']}“{own}”" if own else definition.label["zh"]


def cycle_text(period: str) -> str:
    """A period's label as people write it: 2026年第3季度, 2026年7月, 2026年."""
    year, separator, rest = period.replace("Q", "-Q").partition("-")
    if not separator:
        return f"{year}年" if year else ""
    return f"{year}年第{rest[1:]}季度" if rest.startswith("Q") else f"{year}年{int(rest)}月"
