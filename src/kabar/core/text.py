"""Text that people write: what of it shows, what would disguise it, and how it is compared."""

from __future__ import annotations

import unicodedata

import regex

# By Unicode's properties and not by a list: U+200B, U+00AD, the tags of U+E0000 and the Hangul
# fillers are all "default ignorable", and so is whatever Unicode adds to them. A blank Braille
# pattern is none, and shows nothing either.
_INVISIBLE = r"\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}\u2800"
_SHOWS = regex.compile(rf"(?V1)[[\p{{L}}\p{{N}}\p{{P}}\p{{S}}]--[{_INVISIBLE}]]")

# Scripts whose letters never join: there a joiner only makes two names look the same.
_UNJOINED = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}\p{Common}"
_LETTER = rf"(?V1)[[\p{{L}}\p{{M}}]--[{_UNJOINED}\p{{Default_Ignorable_Code_Point}}]]"
_EMOJI = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]"
_VIRAMA = r"\p{Canonical_Combining_Class=9}"
_MONGOLIAN = r"(?V1)[\p{Mongolian}&&\p{L}]"
_FORM = r"[\u180B-\u180D\u180F]"
_FLAG_TAGS = r"(?<=\U0001F3F4[\U000E0020-\U000E007E]*)[\U000E0020-\U000E007F]"
#: what shows nothing by itself and is needed all the same
_NEEDED = (
    rf"(?<={_LETTER})[\u200C\u200D](?=\p{{L}})"  # Persian, Hindi, Sinhala …
    rf"|(?<={_LETTER})\u200D(?={_VIRAMA})"  # a Bengali or Kannada Ra that keeps its form
    rf"|(?<={_VIRAMA})\u200D"  # a Malayalam word that ends in a consonant
    r"|(?<=\p{Han})[\U000E0100-\U000E01EF]"  # the form in which a family writes its name
    rf"|(?<={_MONGOLIAN}){_FORM}"  # which form a Mongolian letter has
    rf"|(?<={_MONGOLIAN}{_FORM}?)\u180E(?={_MONGOLIAN})"  # a vowel that stands apart
    rf"|(?<={_EMOJI})\u200D(?=\p{{Extended_Pictographic}})"  # a family, a profession
    r"|(?<=[\p{Emoji}])\uFE0F"  # a sign as a picture
    rf"|{_FLAG_TAGS}"  # the flags of England, Scotland, Wales
)
_HIDDEN = regex.compile(rf"({_NEEDED})|[\p{{Default_Ignorable_Code_Point}}\p{{Cf}}\u2800]")
# Irish, Hawaiian and Hebrew names are typed with another apostrophe, or with none.
_UNTYPED = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}'`\u00B4\u02B9\u02BB-\u02BF\u05F3\u2018\u2019\u201B\u2032\uFF07]"
)
_GRAPHEME = regex.compile(r"\X")
_ACCENTS = regex.compile(r"(?V1)[\p{Mn}&&\p{Script=Inherited}]")
#: letters that are typed without their stroke, and that Unicode does not take apart
_STROKES = {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "\u0131": "i"}
_LIGATURES = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
_HYPHENS = dict.fromkeys("\u05be\u2010\u2011\u2012\u2013\u2212", "-")
#: Arabic keyboards have other letters than Persian and Urdu ones, which look the same
_ARABIC = {"\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9"}
_HIRAGANA = {chr(kana): chr(kana - 0x60) for kana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_TYPED = str.maketrans(_STROKES | _LIGATURES | _HYPHENS | _ARABIC | _HIRAGANA)

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def is_blank(text: str) -> bool:
    """Say whether nothing of it shows on a screen."""
    return _SHOWS.search(text) is None


def without_hidden(text: str) -> str:
    """Return a text without the characters that show nothing or turn others around.

    What emoji and scripts need to join their parts stays.
    """
    return _HIDDEN.sub(lambda found: found[1] or "", text)


def beginning(text: str, *, characters: int) -> str:
    """Return at most so many code points of a text, and of what one sees as a character all or
    nothing: an emoji of many parts, a letter with its accents (Unicode UAX #29).

    Only where the first of them is longer, a letter below a heap of accents, it is cut itself.
    """
    if len(text) <= characters:
        return text
    # One more, because it says whether the last of them is complete.
    text = text[: characters + 1]
    if text.isascii():
        return text[:characters]
    ends = [found.end() for found in _GRAPHEME.finditer(text)]
    return text[: max((end for end in ends if end <= characters), default=characters)]


def isolated(name: str) -> str:
    """Return a name for use within a sentence: it cannot change in which direction the rest runs
    (Unicode UAX #9, 2.2)."""
    return f"{_FIRST_STRONG_ISOLATE}{name}{_POP_ISOLATE}"


def folded(text: str) -> str:
    """Return a text as it is searched: without case, accents and apostrophes, in one form.

    Migrations fold anew what was folded when this was another form.
    """
    plain = unicodedata.normalize("NFKD", _UNTYPED.sub("", text)).casefold()
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", plain)).translate(_TYPED)
