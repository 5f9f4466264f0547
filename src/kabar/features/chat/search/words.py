"""Words: what a text is found by, whatever its language, and where in it that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

import regex

from kabar.core.text import folded

#: of a longer word, the beginning is compared
MAX_WORD_CHARACTERS = 40
#: what comes after so many in one message is not found: PostgreSQL takes 1 MB of them
MAX_WORDS = 5_000

# Scripts that put no space between words. Each of their characters stands for itself, and is found
# together with the next one: without a dictionary, pairs are what one can look up.
_UNSPACED = (
    r"[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}"
    r"\p{scx=Khmer}\p{scx=Myanmar}&&[\p{L}\p{M}\p{Nl}]]"
)
_IN_WORD = r"[\p{L}\p{M}\p{N}]"
_APOSTROPHE = r"['\u02BC\u2019\uFF07\p{Default_Ignorable_Code_Point}]"
_PIECE = regex.compile(
    rf"(?V1)(?P<unspaced>{_UNSPACED}+)"
    rf"|(?P<word>[{_IN_WORD}--{_UNSPACED}]+(?:{_APOSTROPHE}+[{_IN_WORD}--{_UNSPACED}]+)*)"
    r"|(?P<picture>[\p{Extended_Pictographic}--\p{ASCII}])"
)
_CHARACTER = regex.compile(r"\X")
_NO_WORD = regex.compile(rf"(?V1)[^{_IN_WORD}\p{{Extended_Pictographic}}]")


class Atom(NamedTuple):
    """The least that is compared: a word, or a character of a script without spaces."""

    text: str
    #: where it stands in the text, in code points
    start: int
    end: int
    is_unspaced: bool

    def joins(self, following: Atom) -> bool:
        """Whether the next one is looked up together with this one."""
        return self.is_unspaced and following.is_unspaced and self.end == following.start


def atoms_of(text: str) -> list[Atom]:
    """Return what a text consists of, in order, as it is compared."""
    return [atom for atom in _atoms(text) if atom.text]


def _atoms(text: str) -> Iterator[Atom]:
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        if piece["unspaced"] is None:
            yield Atom(_compared(piece[0]), start, end, is_unspaced=False)
        else:
            for part in _CHARACTER.finditer(piece[0]):
                yield Atom(
                    _compared(part[0]), start + part.start(), start + part.end(), is_unspaced=True
                )


def _compared(piece: str) -> str:
    if piece.isascii() and piece.isalnum():
        return piece[:MAX_WORD_CHARACTERS].lower()
    return _NO_WORD.sub("", folded(piece))[:MAX_WORD_CHARACTERS]


def words_of(text: str) -> list[str]:
    """Return by what a text is looked up, each once."""
    atoms = atoms_of(text)
    found: dict[str, None] = {}
    for atom, following in zip_longest(atoms, atoms[1:]):
        is_pair = following is not None and atom.joins(following)
        found[atom.text + following.text if is_pair and following else atom.text] = None
        if len(found) == MAX_WORDS:
            break
    return list(found)


class Sought(NamedTuple):
    """A word to look up: as it is, or what begins with it."""

    word: str
    is_prefix: bool


class Phrase(NamedTuple):
    """What must stand in a text in one piece. The last word may go on, unless it is quoted."""

    atoms: tuple[Atom, ...]
    is_open: bool

    def sought(self) -> list[Sought]:
        """Return what to look up: a text in which one of them is missing has not got it."""
        atoms, found = self.atoms, list[Sought]()
        for number, atom in enumerate(atoms):
            following = atoms[number + 1] if number + 1 < len(atoms) else None
            before = atoms[number - 1] if number else None
            if following is not None and atom.joins(following):
                is_last = number + 2 == len(atoms)
                found.append(Sought(atom.text + following.text, is_last and self.is_open))
            elif before is None or not before.joins(atom):
                # A single character may be the first one of a pair.
                is_last = following is None
                found.append(Sought(atom.text, (is_last and self.is_open) or atom.is_unspaced))
        return found

    def find(self, text: str, atoms: Sequence[Atom]) -> list[tuple[int, int]]:
        """Return where it stands in a text."""
        first, found = self.atoms[0].text, list[tuple[int, int]]()
        for at in range(len(atoms) - len(self.atoms) + 1):
            # The first one tells most texts apart.
            if atoms[at].text.startswith(first) and self._is_at(atoms, at):
                last = atoms[at + len(self.atoms) - 1]
                found.append((atoms[at].start, _end_of(text, last, self.atoms[-1].text)))
        return found

    def _is_at(self, atoms: Sequence[Atom], at: int) -> bool:
        *whole, last = self.atoms
        there = atoms[at + len(whole)].text
        if not (there.startswith(last.text) if self.is_open else there == last.text):
            return False
        return all(atoms[at + number].text == atom.text for number, atom in enumerate(whole))


def _end_of(text: str, atom: Atom, beginning: str) -> int:
    """Return where in a text the beginning of a word ends that was found."""
    if len(atom.text) > len(beginning):
        for end in range(atom.start + 1, atom.end):
            if _compared(text[atom.start : end]).startswith(beginning):
                return end
    return atom.end
