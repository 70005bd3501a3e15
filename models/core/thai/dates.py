"""Dates as Thai officials write and type them: Buddhist era outside, CE inside, days in Asia/Bangkok.

Babel's Thai dates are Gregorian, so this is the only formatter. spec: README, "Thai first" and "Time".
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

BANGKOK = ZoneInfo("Asia/Bangkok")
BUDDHIST_OFFSET = 543
FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR = 2400, 2700

# fmt: off
MONTHS_TH = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
             "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม")
MONTHS_TH_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
                   "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
MONTHS_EN = ("January", "February", "March", "April", "May", "June",
             "July", "August", "September", "October", "November", "December")
WEEKDAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# fmt: on


class BadDate(BadValue):
    """A text that is no date: `code` and the `values` a sentence about it needs.

    Codes: not_a_date; two_digit_year (year, of fewer than four digits); year_not_buddhist (year, suggested);
    year_out_of_range (year, first, last); no_such_month (month); no_such_day (day, month, year). Years are as typed.
    """


# --- Writing ---------------------------------------------------------------------------------------------------------


def format_date(d: date, style: str = "short", lang: str = "th") -> str:
    """Return a day as text in the Buddhist era; in English it says so: "11 Mar 2569 BE" (spec: README, Thai first).

    Styles: short "11 มี.ค. 2569", long "12 มีนาคม 2569", field "11/03/2569", weekday "วันพฤหัสบดีที่ 12 มีนาคม 2569". An
    aware datetime counts as its day in Bangkok. Raises ValueError for another style.
    """
    d = bangkok_day(d)
    if style == "field":
        return f"{d.day:02d}/{d.month:02d}/{buddhist_year(d)}"
    if style not in ("short", "long", "weekday"):
        raise ValueError(f"unknown date style: {style}")
    if lang == "th":
        months = MONTHS_TH_SHORT if style == "short" else MONTHS_TH
        text = f"{d.day} {months[d.month - 1]} {buddhist_year(d)}"
        return f"วัน{WEEKDAYS_TH[d.weekday()]}ที่ {text}" if style == "weekday" else text
    month = MONTHS_EN[d.month - 1]
    text = f"{d.day} {month[:3] if style == 'short' else month} {buddhist_year(d)} BE"
    return f"{WEEKDAYS_EN[d.weekday()]}, {text}" if style == "weekday" else text


def format_time(moment: datetime | time, lang: str = "th") -> str:
    """Return the time of day in Bangkok: "14.32 น.", in English "14:32"; a bare `time` is taken as Bangkok's."""
    local = to_bangkok(moment) if isinstance(moment, datetime) else moment
    return f"{local.hour:02d}.{local.minute:02d} น." if lang == "th" else f"{local.hour:02d}:{local.minute:02d}"


def format_datetime(moment: datetime, style: str = "short", lang: str = "th") -> str:
    """Return day and time in Bangkok of an aware `moment`: "11 มี.ค. 2569 14.32 น."."""
    return f"{format_date(moment, style, lang)} {format_time(moment, lang)}"


def format_typed(value: date) -> str:
    """Return a day as people type it, 11/03/2569, a moment with its time, 11/03/2569 14:32; `parse_date` reads the day.

    An aware datetime is said in Bangkok's time, a naive one is taken as that.
    """
    if not isinstance(value, datetime):
        return format_date(value, "field")
    local = to_bangkok(value) if value.tzinfo is not None else value
    return f"{format_date(local.date(), 'field')} {local:%H:%M}"


def buddhist_year(d: date) -> int:
    """Return the year พ.ศ. of a day: CE + 543."""
    return d.year + BUDDHIST_OFFSET


# --- Days and fiscal years -------------------------------------------------------------------------------------------


def to_bangkok(moment: datetime) -> datetime:
    """Return an aware `moment` in Bangkok's time. Raises ValueError for a naive one: nobody knows whose it is."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no day in Bangkok")
    return moment.astimezone(BANGKOK)


def bangkok_day(moment: date) -> date:
    """Return the day in Bangkok of an aware datetime; a plain date is itself."""
    return to_bangkok(moment).date() if isinstance(moment, datetime) else moment


def bangkok_today(now: datetime | None = None) -> date:
    """Return today's date in Bangkok, or that of `now` (aware)."""
    return to_bangkok(now or datetime.now(UTC)).date()


def day_bounds(d: date) -> tuple[datetime, datetime]:
    """Return the UTC moments at which a Bangkok day begins and the next one begins: `start <= x < end`."""
    start = datetime.combine(d, time(), BANGKOK)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


def fiscal_year(d: date) -> int:
    """Return the Thai fiscal year พ.ศ. of a day or aware datetime: 1 October 2568 begins 2569. spec: fund.md 4."""
    d = bangkok_day(d)
    return buddhist_year(d) + (d.month >= 10)


def fiscal_year_range(year: int) -> tuple[date, date]:
    """Return the first and the last day, both included, of fiscal year `year` (พ.ศ.)."""
    common = year - BUDDHIST_OFFSET
    return date(common - 1, 10, 1), date(common, 9, 30)


# --- Reading ---------------------------------------------------------------------------------------------------------

_LONGEST_DATE = 100
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})")
_NAMED = re.compile(
    r"(?:วัน[^\d\s]+?\s*ที่|วันที่)?\s*(\d{1,2})\s*([^\d\s/]+?)\s*(?:พ\.?\s?ศ\.?|/)?\s*(\d{1,4})(?:\s*B\.?E\.?)?", re.I
)


def _month_key(name: str) -> str:
    return name.replace(".", "").removeprefix("เดือน").casefold()


_MONTH_NUMBERS = {
    _month_key(name): number
    for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, [month[:3] for month in MONTHS_EN])
    for number, name in enumerate(names, start=1)
}


def parse_date(text: str) -> date:
    """Return the day written in `text`, with Thai or Arabic digits. Raises BadDate.

    Reads 11/03/2569 (also with - . or space; or 11032569, as number keypads have no slash), 11 มี.ค. 2569,
    11 มีนาคม พ.ศ. 2569, 11 Mar 2569 BE, every Thai style `format_date` writes, and ISO 2026-03-11, which alone is CE.
    Years พ.ศ. 2400 to 2700.
    """
    text = to_ascii_digits(clean_line(text[:_LONGEST_DATE]))
    if match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
        return _day(day, month, year, shown_year=year)
    if match := _NUMERIC.fullmatch(text) or _DIGITS_ONLY.fullmatch(text):
        day, month = int(match[1]), int(match[2])
    elif (match := _NAMED.fullmatch(text)) and (named := _MONTH_NUMBERS.get(_month_key(match[2]))):
        day, month = int(match[1]), named
    else:
        raise BadDate("not_a_date")
    year = parse_buddhist_year(match[3]) + BUDDHIST_OFFSET
    return _day(day, month, year - BUDDHIST_OFFSET, shown_year=year)


def parse_buddhist_year(text: str) -> int:
    """Return the CE year of a year typed in the Buddhist era, "2569" or "พ.ศ. ๒๕๖๙". Raises BadDate."""
    digits = re.sub(r"\A(?:ปี\s*)?(?:พ\.?\s?ศ\.?)?\s*", "", to_ascii_digits(clean_line(text)))
    if not (digits.isdecimal() and len(digits) <= 4):
        raise BadDate("not_a_date")
    year = int(digits)
    if len(digits) < 4:
        raise BadDate("two_digit_year", year=year)
    if year < FIRST_BUDDHIST_YEAR <= year + BUDDHIST_OFFSET:
        raise BadDate("year_not_buddhist", year=year, suggested=year + BUDDHIST_OFFSET)
    if not FIRST_BUDDHIST_YEAR <= year <= LAST_BUDDHIST_YEAR:
        raise BadDate("year_out_of_range", year=year, first=FIRST_BUDDHIST_YEAR, last=LAST_BUDDHIST_YEAR)
    return year - BUDDHIST_OFFSET


def _day(day: int, month: int, year: int, *, shown_year: int) -> date:
    if not 1 <= month <= 12:
        raise BadDate("no_such_month", month=month)
    first, last = FIRST_BUDDHIST_YEAR - BUDDHIST_OFFSET, LAST_BUDDHIST_YEAR - BUDDHIST_OFFSET
    if not first <= year <= last:
        raise BadDate("year_out_of_range", year=shown_year, first=first, last=last)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadDate("no_such_day", day=day, month=month, year=shown_year) from None
