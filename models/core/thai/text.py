"""Thai text made uniform: how it is stored, sorted and found.

Everything that comes from outside passes `clean` once. Two columns are derived from the result, `sort_key` and
`search_text`, so that SQLite and PostgreSQL sort and find alike without any collation of their own.
"""

import re
import unicodedata

SORT_KEY_LENGTH = 200
"""Characters a sort key may have; the width of its column."""

SEARCH_TERM_LENGTH = 100
"""Characters of a search term that are looked for."""

CONTAINS_FROM = 3
"""Characters from which a term is looked for inside a text; a shorter one matches only its beginning."""

# Marks above and below a consonant, by the place they take after it. The places agree with Unicode's combining
# classes, so that NFC keeps what `clean` has arranged.
_MARK_PLACE = {
    "\u0e3a": 0,  # phinthu
    **dict.fromkeys("\u0e38\u0e39", 1),  # sara u, sara uu
    **dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d", 2),  # vowels above, maitaikhu, nikhahit
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", 3),  # tone marks
    **dict.fromkeys("\u0e4c\u0e4e", 4),  # thanthakhat, yamakkan
}
_MARKS = re.compile(f"[{''.join(_MARK_PLACE)}]{{2,}}")
_DECOMPOSED_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]*)\u0e32")
_TONE_AFTER_SARA_AM = re.compile("\u0e33[\u0e33\u0e48-\u0e4b]+")
# Nothing in such a text is dropped or becomes another character: nearly all of what people type.
_QUIET = re.compile("[\t\n -~\u0e01-\u0e3a\u0e3f-\u0e5b]*")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Glyph positions of old Windows Thai fonts: text copied out of a PDF is full of them.
_FONT_GLYPHS = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d"
        "\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def clean(text: str) -> str:
    """Return `text` as Sala stores it, so that what looks the same is the same.

    NFC; no zero-width, byte-order, direction or control characters but newline and tab; sara am in one piece and its
    tone mark before it; a doubled sara e as sara ae; marks in the order they are typed in; every kind of space a plain
    one; line ends LF; no space at a line's end. Cleaning twice changes nothing.
    """
    if not _QUIET.fullmatch(text):
        text = _LINE_ENDS.sub("\n", text.translate(_FONT_GLYPHS))
        text = "".join(_plain(character) for character in text)
    while (arranged := _arrange(text)) != text:
        text = arranged
    return "\n".join(line.rstrip(" \t") for line in text.split("\n"))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in ("Cf", "Cs") or (category == "Cc" and character not in "\n\t"):
        return ""
    return character


def _arrange(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u0e40\u0e40", "\u0e41")
    text = _MARKS.sub(lambda marks: "".join(sorted(marks[0], key=_MARK_PLACE.__getitem__)), text)
    text = _DECOMPOSED_SARA_AM.sub("\\1\u0e33", text)
    return _TONE_AFTER_SARA_AM.sub(lambda run: "".join(sorted(run[0], key="\u0e33".__eq__)), text)


def clean_line(text: str) -> str:
    """Return `text` cleaned, on one line and without space around it, as a name or a number is stored."""
    return " ".join(clean(text).split())


def clean_block(text: str) -> str:
    """Return `text` cleaned, without empty lines around it; the first line keeps its indent."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", clean(text)).rstrip()


def to_ascii_digits(text: str) -> str:
    """Return `text` with the decimal digits of every script, Thai and full-width among them, as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def digits_of(typed: str, how_many: int) -> str | None:
    """Return the digits of a code that was typed in any digits, with spaces or dashes; None where it is not that many.

    Of a text that cannot be one nothing beyond its first 100 characters is read.
    """
    digits = to_ascii_digits(clean_line(typed[:100])).replace(" ", "").replace("-", "")
    return digits if len(digits) == how_many and digits.isascii() and digits.isdigit() else None


def to_thai_digits(text: str) -> str:
    """Return `text` with 0-9 as ๐-๙, as official letters write numbers."""
    return text.translate(_THAI_DIGITS)


# --- Sorting ---------------------------------------------------------------------------------------------------------

_SORT_PRIMARY_LENGTH = 150
_SORT_SECONDARY_BASE = 0x4E00
_SORT_MARKS = "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e"
_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_SORT_UNITS = re.compile(r"[0-9]+|.", re.DOTALL)


def sort_key(text: str) -> str:
    """Return a string whose byte order is the Royal Society dictionary's order of `text`.

    The first part holds letters: a leading vowel stands after its consonant, Latin is folded and without accents, a
    number sorts by its value before all letters, spaces and punctuation do not count. After one space the second part
    holds tone marks, maitaikhu and thanthakhat, which decide only between words of the same letters. At most
    SORT_KEY_LENGTH characters. spec: README, "Sorting".
    """
    text = _fold(_LEADING_VOWEL.sub(r"\2\1", clean(text)), strip_accents=True)
    letters: list[str] = []
    marks: list[str] = []
    length = 0
    for unit in _SORT_UNITS.findall(text):
        if unit in _SORT_MARKS:
            marks.append(_secondary_weight(length, unit))
            continue
        primary = _primary_weight(unit)
        if length + len(primary) > _SORT_PRIMARY_LENGTH:
            break
        letters.append(primary)
        length += len(primary)
    key = "".join(letters)
    if marks:
        key += " " + "".join(marks)
    return key[:SORT_KEY_LENGTH]


def _primary_weight(unit: str) -> str:
    if unit.isdecimal():
        value = unit.lstrip("0")[:99]
        return f"{len(value):02d}{value}"  # The count of digits first: 9 before 10 without padding to a width.
    if unit in "\u0e2f\u0e46":
        return "/"  # Paiyannoi and mai yamok are signs, not letters: before everything that can follow a letter.
    if unit == "\u0e45":
        return "\u0e32"
    return unit if unicodedata.category(unit)[0] in "LMN" else ""


def _secondary_weight(position: int, mark: str) -> str:
    """One character: an earlier mark weighs more, as a text without a mark there comes first; then by mark."""
    room = _SORT_PRIMARY_LENGTH - position
    return chr(_SORT_SECONDARY_BASE + room * len(_SORT_MARKS) + _SORT_MARKS.index(mark))


def _fold(text: str, *, strip_accents: bool = False) -> str:
    """Fold case, width and digits of everything but Thai, whose sara am NFKC would take apart."""
    folded = []
    for character in text:
        if "\u0e00" <= character <= "\u0e4f":
            folded.append(character)
            continue
        plain = unicodedata.normalize("NFKD" if strip_accents else "NFKC", character).casefold()
        if strip_accents:
            plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
        folded.append(to_ascii_digits(plain))
    return "".join(folded)


# --- Searching -------------------------------------------------------------------------------------------------------


def search_text(text: str) -> str:
    """Return `text` as it is searched: cleaned, case and width folded, digits 0-9, every space one space.

    Tone marks stay: without them too many different words would be alike.
    """
    return " ".join(clean(_fold(clean(text))).split())


def search_term(q: str | None) -> str:
    """Return what to look for in a `search_text` column when `q` was typed; "" when nothing is left to look for.

    The caller escapes LIKE's wildcards (`column.contains(term, autoescape=True)`).
    """
    return search_text(q or "")[:SEARCH_TERM_LENGTH].strip()


# --- Masking ---------------------------------------------------------------------------------------------------------


def mask_phone(phone: str) -> str:
    """Return a telephone number with its last four digits only: xxx-xxx-1613. spec: membership.md 1."""
    digits = "".join(c for c in to_ascii_digits(phone.partition("#")[0]) if c.isdecimal())
    if len(digits) < 7:
        return "xxx-xxxx"  # Four digits of so short a number would be nearly all of it.
    return f"{'x' * (len(digits) - 7)}-xxx-{digits[-4:]}".lstrip("-")


def mask_email(email: str) -> str:
    """Return an e-mail address with one letter of its name: s***@example.com."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at and name else "***"
