"""Chinese sentences with the punctuation of Chinese print, where they were typed with that of a keyboard."""

from __future__ import annotations

import re
from functools import lru_cache

WIDE = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01", "(": "\uff08", ")": "\uff09"}

_CHINESE = r"\u3001-\u303f\u4e00-\u9fff\u201c\u201d\ue000"
"""Letters and marks of Chinese print; the last stands for a blank while a sentence is worked on."""

_BLANK = "\ue000"
_KEPT = re.compile(rf"\w+://[^\s{_CHINESE}]*|\{{[^{{}}]*\}}")
_PAIR = re.compile(rf"(?<=[{_CHINESE}]) ?\(([^()]*)\)|\(([^()]*[{_CHINESE}][^()]*)\)")
_BEFORE = re.compile(rf"(?<=[{_CHINESE}%\uff09])([,;:?!]) ?")
_AFTER = re.compile(rf"(?:(?<=\S)|^) ?([,;:?!]) ?(?=[{_CHINESE}])")


@lru_cache(maxsize=4096)
def full_width(sentence: str) -> str:
    """The sentence with its commas, colons and brackets in full width where they stand beside Chinese.

    Blanks (`{name}`) and addresses stay as they are, and count as Chinese in a sentence that has any; a sentence without
    any Chinese is not touched.
    """
    if not re.search(r"[\u4e00-\u9fff]", sentence):
        return sentence
    kept = _KEPT.findall(sentence)
    text = _KEPT.sub(_BLANK, sentence)
    text = _PAIR.sub(lambda found: f"{WIDE['(']}{found[1] if found[2] is None else found[2]}{WIDE[')']}", text)
    for pattern in (_BEFORE, _AFTER):
        text = pattern.sub(lambda found: WIDE[found[1]], text)
    filled = iter(kept)
    return re.sub(_BLANK, lambda _: next(filled), text)
