"""Reading legacy bytes with the extra `detect`: what is detected, and when it is not believed."""

from __future__ import annotations

import pytest

from cleaner.decode import decode, encode
from cleaner.decode.legacy import oddness

pytest.importorskip("chardet", minversion="7")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café teh", "cp1252"),  # one byte: any encoding would do
        ("The council isn’t bound by it.", "cp1252"),
        ("Señor Peña llegó tarde y no habló con nadie más aquella mañana.", "cp1252"),
        ("Мост закрыт до осени, сообщила городская управа.", "cp1251"),
        ("Zażółć gęślą jaźń, powiedział burmistrz przy moście.", "cp1250"),
        ("橋は秋まで閉まると市が発表した。川の向こうへは船で行く。", "shift_jis"),
    ],
)
def test_short_legacy_text_with_a_detector(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    decoded = decode(data)
    assert decoded.text == text
    assert encode(decoded) == data


def test_what_is_odd_in_a_reading() -> None:
    assert oddness("Œuvre d’été, l·la col·legi, MÜNCHEN, 4 €, « déjà » – où ?") == 0
    assert oddness("Cafι") == 1  # Greek in a Latin word
    assert oddness("d£vida") == 1  # a sign inside a word
    assert oddness("FranÇois") == 1  # a capital behind a small letter
    assert oddness("MšNCHEN") == 1
    assert oddness("word \x96 word") == 1
