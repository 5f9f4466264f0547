"""Emoji: is a text exactly one emoji, and in which form is it kept?"""

from __future__ import annotations

from emoji import EMOJI_DATA, STATUS

_PICTURE = "\ufe0f"
#: all that Unicode recommends for interchange, by what is left without U+FE0F: keyboards leave it
#: out, and "a heart" and "a heart, as a picture" would else be two reactions
_EMOJI = {
    sequence.replace(_PICTURE, ""): sequence
    for sequence, about in EMOJI_DATA.items()
    if about["status"] == STATUS["fully_qualified"]
}


def find_emoji(text: str) -> str | None:
    """Return the one emoji that a text is, as Unicode recommends to write it; None: it is none.

    Tones, families, flags and keycaps are one emoji each, however many code points they have; a
    tone by itself is none.
    """
    return _EMOJI.get(text.replace(_PICTURE, ""))
