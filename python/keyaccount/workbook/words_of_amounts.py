"""Amounts in Chinese words, as vouchers and settlements state them: 壹仟零壹拾元壹角整."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def amount_in_words(amount_fen: int) -> str:
    """Write whole fen in Chinese capital words, without the name of the currency.

    One 零 stands for zeros inside a number, none at the end of 万 or 亿; 整 follows where there are no fen.
    """
    yuan, rest = divmod(abs(amount_fen), 100)
    jiao, fen = divmod(rest, 10)
    words = "负" if amount_fen < 0 else ""
    if yuan or not rest:
        words += f"{_whole(yuan)}元"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif yuan and fen:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    for unit, name in _UNITS:
        if number >= unit:
            high, low = divmod(number, unit)
            between = "零" if 0 < low < unit // 10 else ""
            return _whole(high) + name + between + (_whole(low) if low else "")
    return _DIGITS[number]
