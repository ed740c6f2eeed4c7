"""Chinese numerals, because an office counts 一、二、三 as readily as 1, 2, 3."""

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "兩": 2,
    **{character: value for value, character in enumerate("壹贰叁肆伍陆柒捌玖", start=1)},
    **{character: value for value, character in zip((2, 3, 6), "貳參陸", strict=True)},
}
UNITS = {"十": 10, "拾": 10, "廿": 20, "百": 100, "佰": 100}
CHARACTERS = "".join({*DIGITS, *UNITS})


def parse(text: str) -> int | None:
    """Give the value of a numeral below 1000 in Arabic or Chinese figures, or None if it is none."""
    if text.isdecimal():
        return int(text)
    if not text or any(character not in DIGITS and character not in UNITS for character in text):
        return None
    if all(character in DIGITS for character in text):
        return _by_place(text)
    return _by_unit(text)


def _by_place(text: str) -> int:
    value = 0
    for character in text:
        value = value * 10 + DIGITS[character]
    return value


def _by_unit(text: str) -> int:
    total, pending = 0, None
    for character in text:
        if character in DIGITS:
            pending = DIGITS[character]
        elif character == "廿":
            total += 20
        else:
            total += UNITS[character] * (1 if pending is None else pending)
            pending = None
    return total + (pending or 0)


def chinese(value: int) -> str:
    """Write a number below 100 the way headings are counted: 3 → 三, 12 → 十二, 20 → 二十."""
    tens, ones = divmod(value, 10)
    figures = "零一二三四五六七八九"
    if not 0 <= value < 100:
        return str(value)
    if not tens:
        return figures[ones]
    return ("" if tens == 1 else figures[tens]) + "十" + (figures[ones] if ones else "")


def in_chinese(number: str | None) -> str | None:
    """A number as areas carry it, 1 as 一; what is no numeral stays as it is."""
    value = parse(number or "")
    return number if value is None else chinese(value)
