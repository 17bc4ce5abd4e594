"""Chinese sentences come in the punctuation of Chinese print."""

from __future__ import annotations

import pytest

from orderpoint.messages import Language, say
from orderpoint.messages.punctuation import full_width

COMMA, COLON, OPEN, CLOSE = "\uff0c", "\uff1a", "\uff08", "\uff09"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("现有 {stock},在途 {coming}", f"现有 {{stock}}{COMMA}在途 {{coming}}"),
        ("历史({period})", f"历史{OPEN}{{period}}{CLOSE}"),
        ("{file}: 没有", f"{{file}}{COLON}没有"),
        ("占 25%,其余", f"占 25%{COMMA}其余"),
        ("写成 {value:,.0f} 元", "写成 {value:,.0f} 元"),
        ('例如 "100:9.50;500:9.00",其余', f'例如 "100:9.50;500:9.00"{COMMA}其余'),
        ("见 http://{host}:{port}/ 的说明", "见 http://{host}:{port}/ 的说明"),
        ("{rule}:{text}", "{rule}:{text}"),
        ("plain, English: (as it is)", "plain, English: (as it is)"),
    ],
)
def test_marks_beside_chinese_are_wide_and_others_are_not(typed: str, printed: str) -> None:
    assert full_width(typed) == printed


def test_what_fills_a_blank_stays_as_it_is() -> None:
    catalogue = {"found": ("found: {name}", "找到:{name}")}
    assert say(catalogue, "found", Language.ZH, name="杯子, 大(红)") == f"找到{COLON}杯子, 大(红)"
    assert say(catalogue, "found", Language.EN, name="杯子, 大") == "found: 杯子, 大"
