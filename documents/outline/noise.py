"""Lines that belong to the web page or the sheet of paper, not to the document."""

import re
from collections.abc import Sequence

from documents import phrases
from documents.folding import fold, trim
from documents.outline.entries import Entry
from documents.reading import Reason
from documents.sentences import ends_like_text

_WEB_PAGE = re.compile(
    r"[\[【(]? *(?:发布(?:时间|日期|机构|单位|人)|发文(?:机关|字号|日期)|成文日期|公开日期|索引号"
    r"|信息(?:来源|索引|分类)"
    r"|(?:文章|稿件)?来源|作者|浏览(?:次数|量)?|点击(?:数|量|次数)?|阅读(?:次数|量)?|访问(?:量|次数)|字号|字体"
    r"|责任编辑|编辑|初审|复审|终审|审核|校对|当前位置|您(?:的|所在的?)位置|上一[篇条]|下一[篇条]|相关(?:文章|链接)"
    r"|主办单位|承办单位|版权所有|技术支持|网站标识码|时间|日期)\]? *[:>]"
    r"|[\[【(]? *(?:打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享到?|返回顶部|返回|首页 *>.*|扫一扫.*"
    r"|字[体号] *[\[【(:]?大.*)[\]】) ]*(?:$|[\[【|])"
    r"|(?:20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?)(?: +\d{1,2}:\d\d(?::\d\d)?)? *(?:来源|浏览|点击|作者)"
    r"|20\d\d[-./]\d{1,2}[-./]\d{1,2}(?: +\d{1,2}:\d\d(?::\d\d)?)?$"
    r"|.{0,24}ICP备|.{0,10}公网安备"
)
_PAGE_NUMBER = re.compile(
    r"(?:[-—–─·] *)+\d{1,3}(?: *[-—–─·])+$|第 *\d{1,3} *页(?:[,/ ]*共 *\d{1,3} *页)?$|\d{1,3} */ *\d{1,3}$|\d{1,3}$"
)
_LONGEST, _LONGEST_NAME = 200, 40
_CONTENTS = re.compile(r".*(?:[.…·。]{4,}|(?:\. ){4,}|…{2,}) *\d{1,3}$|目 *录$")
_FIGURES = "[\\dXx×*〇○零一二三四五六七八九十]"
_SIGNED_ON = re.compile(rf"\(?此件公开发布\)?$|{_FIGURES}{{2,4}}年{_FIGURES}{{1,3}}月{_FIGURES}{{1,3}}[日号]$")
_SIGNER = re.compile(
    r"(?:中共|中国共产党).{2,40}$|.{2,30}(?:委员会|党组|党委|党工委|工委|总支|支部|办公室|巡察组|纪委|领导小组)$"
)
_CLOSING = re.compile(
    r"请(?:你|于|在|认真|按照|及时)|(?:以上|上述)(?:意见|问题|情况)|特此|(?:希望|要求)(?:你|各|.{0,20}(?:认真|切实|按照|严格|抓好|按期))"
)
_ATTACHMENT = re.compile(r"附(?:件|表)? *\d{0,2} *[:.、]")


def reasons(entries: Sequence[Entry]) -> dict[int, Reason]:
    """Give the entries to ignore, by index, each with its reason word."""
    first, last = _bounds(entries)
    found = {entry.index: reason for entry in entries if (reason := _anywhere(entry))}
    for entry in entries:
        if not first <= entry.index <= last and entry.index not in found:
            reason = _at_the_edge(entry)
            if reason:
                found[entry.index] = reason
    return found | _contact(entries, last, found) | _signature(entries, last, found)


def _bounds(entries: Sequence[Entry]) -> tuple[int, int]:
    """Give the first and last entry with a number or marker: what lies outside may be page furniture."""
    inside = [entry.index for entry in entries if entry.mark or (entry.label and not entry.label.is_field)]
    return (inside[0], inside[-1]) if inside else (len(entries), -1)


def _anywhere(entry: Entry) -> Reason | None:
    text = fold(entry.text)
    if len(text) > _LONGEST:
        return None
    if _CONTENTS.match(text):
        return "table_of_contents"
    return "page_number" if _PAGE_NUMBER.match(text) and not entry.in_table else None


def _at_the_edge(entry: Entry) -> Reason | None:
    text = fold(entry.text)
    if _WEB_PAGE.match(text):
        return "web_page"
    if _CLOSING.match(text):
        return "closing"
    return "attachment" if _ATTACHMENT.match(text) else None


def _contact(entries: Sequence[Entry], last: int, found: dict[int, Reason]) -> dict[int, Reason]:
    """From the first line of the contact block on, all that follows the list belongs to it."""
    tail = [entry for entry in entries[last + 1 :] if entry.index not in found]
    start = next((entry.index for entry in tail if phrases.is_contact(entry.text)), None)
    if start is None:
        return {}
    return {entry.index: "contact" for entry in tail if entry.index >= start}


def _signature(entries: Sequence[Entry], last: int, found: dict[int, Reason]) -> dict[int, Reason]:
    """Below the list, take the names of bodies and the date, and whatever name stands right above the date."""
    signed: dict[int, Reason] = {}
    tail = [entry for entry in entries[last + 1 :] if entry.index not in found]
    for above, entry in zip([None, *tail], tail, strict=False):
        text = trim(fold(entry.text)).replace(" ", "")
        is_date = bool(_SIGNED_ON.match(text))
        if is_date or (len(text) <= _LONGEST_NAME and _SIGNER.match(text)):
            signed[entry.index] = "signature"
        if is_date and above and len(above.text) <= _LONGEST_NAME and not ends_like_text(above.text):
            signed[above.index] = "signature"
    return signed
