"""The set phrases of these documents: markers of an answer, names of sections, words of a status."""

import re
from dataclasses import dataclass
from itertools import pairwise

from documents.folding import BLANKS, fold
from documents.sentences import QUOTES, outside_quotes

_NOUN = "情况|措施|举措|成效|效果|成果|结果|进展|进度|落实"
_LABEL_NAME = (
    rf"(?:(?:目前|具体|现阶段|落实|推进|集中|主要)?整改[一-龥]{{0,6}}?(?:{_NOUN})(?:[及和与、][一-龥]{{2,8}})?"
    rf"|(?:落实|完成|进展|办理|处置)[一-龥]{{0,2}}情况|工作进展|落实措施"
    rf"|(?:采取|主要|具体|工作|已采取的?)(?:整改)?(?:措施|做法|举措)|整改)"
)
_FIELD_NAME = (
    r"(?:(?:牵头|责任|分管|配合|协办|主责|包保|整改)(?:校?领导|单位|部门|科室|人|处室|股室|主体|时限|期限|要求|目标|状态)"
    r"|(?:完成|办结|整改完成)(?:时限|时间|期限)|下一步(?:工作)?(?:打算|措施|计划|安排|整改措施)?|长期坚持|问题状态|取得成效|工作成效)"
)
_TITLE_NAME = r"(?:(?:反馈|具体|存在|主要|巡察)?的?问题(?:表现|描述|内容|清单)?|巡[察视]反馈|反馈(?:意见|内容))"
_OPEN, _CLOSE = r"[\[【(〔〖]", r"[\]】)〕〗]"
_COLON = rf"(?: *{_CLOSE} *:?| *(?::|——))"
_LABEL = re.compile(rf"{_OPEN}? *({_LABEL_NAME}|{_FIELD_NAME}){_COLON}")
_LABEL_ALONE = re.compile(rf"{_OPEN}? *({_LABEL_NAME}) *{_CLOSE}?[。:]?$")
_INLINE_LABEL = re.compile(rf"(?<=[。;,.!?:\])】” ]){_OPEN}? {{0,3}}({_LABEL_NAME}){_COLON}")
_FIELD_START = re.compile(rf"(?<=[。;])(?= {{0,3}}{_OPEN}? {{0,3}}(?:{_LABEL_NAME}|{_FIELD_NAME}){_COLON})")
_TITLE_LABEL = re.compile(rf"{_OPEN}? *({_TITLE_NAME}){_COLON}")
_FIELD = re.compile(_FIELD_NAME)
_FIELD_ALONE = re.compile(rf"(?:{_LABEL_NAME}|{_FIELD_NAME}|{_TITLE_NAME}):?")
_STATUS = re.compile(
    r"[(【\[]?(?:(?:该|此|本|以上|上述)?(?:项|条)?(?:问题|事项|任务)?(?:目前)?(?:均|都)?"
    r"(?:已经?|基本|全部|正在|持续|阶段性|尚未|未)+(?:全部)?(?:整改|完成|落实|销号|办结|推进)"
    r"[一-龥,、]{0,20}|长期坚持|立行立改[,、]?已?完成?)[)】\]]?[。;]?$"
)


@dataclass(frozen=True)
class Label:
    """A marker such as 整改落实情况： at the start of a text; `rest` is what follows it."""

    name: str
    rest: str
    is_field: bool


def label(body: str) -> Label | None:
    """Recognise a marker between problem and answer at the start of a line."""
    folded = fold(body)
    found = _LABEL.match(folded) or _LABEL_ALONE.match(folded)
    if not found:
        return None
    return Label(found[1], body[found.end() :].strip(BLANKS), bool(_FIELD.fullmatch(found[1])))


def names_a_field(text: str) -> bool:
    """Say whether a text is nothing but the name of a field, as the left cell of a form is."""
    return bool(_FIELD_ALONE.fullmatch(fold(text).replace(" ", "")))


def inline_label(body: str) -> re.Match[str] | None:
    """Find a marker inside a paragraph, after the title it closes and outside quotes."""
    found = list(_INLINE_LABEL.finditer(fold(body)))
    mask = outside_quotes(body, QUOTES) if found else []
    return next((each for each in found if mask[each.start()]), None)


def fields(paragraph: str) -> list[str]:
    """Part a paragraph before each marker or field inside it: 修订规则。完成时限：5月底。"""
    starts = [found.start() for found in _FIELD_START.finditer(fold(paragraph))]
    return [paragraph[start:end].strip(BLANKS) for start, end in pairwise([0, *starts, len(paragraph)])]


def title_label(body: str) -> str | None:
    """Give the text after `反馈问题：`, or None if the line does not begin with such a marker."""
    found = _TITLE_LABEL.match(fold(body))
    return body[found.end() :].strip(BLANKS) if found else None


def is_status(sentence: str) -> bool:
    """Say whether a sentence only states how far a matter has got: `该问题已完成整改。`"""
    return bool(_STATUS.match(fold(sentence).strip()))


_LACK = re.compile(
    "不|未|缺|弱|乏|问题|偏差|差距|滞后|缓慢|乏力|差$|违规|违反|虚|松|宽|失|薄|短板|漏洞|风险|隐患|欠|难|少|流于"
)
_NO_LACK = re.compile(
    "不忘|不断|不懈|不仅|不松|不停|不减|不少于|不折不扣|毫不|未完成|未整改|未来|补齐?短板|少数|松[树林]|从严|难点|风险防[控范]"
)
_CONTAINER = re.compile(
    r"(?:反馈|巡察|巡视|指出|发现|存在|突出|主要|具体|重点).{0,16}(?:问题|意见|事项)"
    r"|(?:问题|意见|事项|任务).{0,14}(?:整改|落实|办理)|整改.{0,12}(?:情况|进展|成效|事项|任务|问题|结果)"
    r"|(?:主要|突出)?问题$"
)
_PREAMBLE = re.compile(
    r"总体(?:情况|评价|概况|成效)|基本(?:情况|概况|评价)|组织(?:整改|落实|领导|推进|开展|实施|保障)"
    r"|工作(?:开展|推进)情况|主体责任|"
    r"主要(?:做法|成绩|成效)|整改工作(?:情况|概况|成效)|高度重视|政治站位|推进情况|巡察工作(?:情况|概况)|肯定|部署"
)
_NEXT = re.compile(
    r"^(?:(?:整改)?(?:工作)?(?:下一?步|下一?阶段|今后|后续|后期|下阶段|未来|近期)"
    r"|.{0,6}(?:努力方向|工作打算|工作安排|工作计划)$"
    r"|.{0,12}(?:下一?步|今后).{0,6}(?:打算|安排|计划|举措|措施|工作)$)"
)
_ADVICE = re.compile(
    r"^(?:.{0,8}(?:意见和?建议|整改建议|工作建议|整改要求|工作要求|整改意见)|(?:几点|对策|有关|相关|具体)?(?:意见|建议|要求)$)"
)
_OTHER = re.compile("^(?:其[他它]|有关)(?:事项|情况|说明|问题)?$")
_CONTACT = re.compile(
    r".{0,12}(?:(?:联系|监督|举报|咨询|受理)(?:电话|方式|地址|邮箱|人) *[:为(]"
    r"|电子(?:邮箱|邮件) *[:为]|邮政(?:信箱|编码) *[:为]"
    r"|(?:通[讯信]|来信|邮寄|联系)地址 *[:为]|(?:联系|监督|举报)(?:电话|方式)$)"
    r"|.{0,16}(?:欢迎|敬请|请|接受).{0,24}监督.{0,60}(?:反映|反馈|联系|意见)|公示(?:期|时间).{0,4}[:为,]"
)
_REMARK = re.compile(r"\([^()]{1,20}\)$")  # (共3个问题)
_AREA = re.compile(
    r"方面(?:的|存在的?|反馈的?|指出的?)?(?:主要|突出)?(?:问题|情况)?(?:[及和与的]?整改[一-龥]{0,6})?$|^(?:聚焦|围绕)"
)


#: role, how its title reads, and whether it may speak of a lack (今后…不断…) without being a problem itself
_SECTIONS = (
    ("next_steps", _NEXT, True),
    ("advice", _ADVICE, True),
    ("preamble", _PREAMBLE, False),
    ("contact", _CONTACT, False),
    ("closing", _OTHER, False),
    ("container", _CONTAINER, False),
)


def is_area(title: str) -> bool:
    """Say whether a title names an area (…方面, 聚焦…)."""
    return bool(_AREA.search(_REMARK.sub("", fold(title).strip(" 。:,;"))))


def states_a_lack(title: str) -> bool:
    """Say whether a title tells of something wrong, as problems do and the names of sections do not."""
    return bool(_LACK.search(_NO_LACK.sub("", fold(title))))


def section(title: str) -> str | None:
    """Name the part of the document a title opens, or None if it is a title of the list itself."""
    text = fold(title).strip(" 。:,;")
    if is_area(text) or re.match("关于|针对|对于", text):
        return None
    lacks = states_a_lack(re.sub("问题|风险|隐患", "", text))
    for role, pattern, may_lack in _SECTIONS:
        if pattern.search(text) and (may_lack or not lacks):
            return role
    return None


def is_contact(text: str) -> bool:
    """Say whether a line begins the block that tells where to write and whom to call."""
    return bool(_CONTACT.match(fold(text)))
