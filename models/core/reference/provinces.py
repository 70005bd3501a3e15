"""The 77 provinces by their two-digit code of the Ministry of Interior (ISO 3166-2:TH has the same numbers)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from models.core.thai.text import search_text, sort_key

REGIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "north": ("ภาคเหนือ", "North"),
        "northeast": ("ภาคตะวันออกเฉียงเหนือ", "Northeast"),
        "central": ("ภาคกลาง", "Central"),
        "east": ("ภาคตะวันออก", "East"),
        "west": ("ภาคตะวันตก", "West"),
        "south": ("ภาคใต้", "South"),
    }
)
"""Region code -> Thai and English name: the six geographic regions of the National Geographical Committee."""


@dataclass(frozen=True, slots=True)
class Province:
    """A province: its code, names, region and the rough place of its capital (degrees, WGS 84)."""

    code: str
    name_th: str
    name_en: str
    region: str
    latitude: Decimal
    longitude: Decimal

    def name(self, lang: str = "th") -> str:
        """Return the name in Thai, or in English for any other language."""
        return self.name_th if lang == "th" else self.name_en


def _read() -> dict[str, Province]:
    path = Path(__file__).with_name("provinces.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Province(
                row["code"],
                row["name_th"],
                row["name_en"],
                row["region"],
                Decimal(row["latitude"]),
                Decimal(row["longitude"]),
            )
            for row in csv.DictReader(file)
        }


PROVINCES: Mapping[str, Province] = MappingProxyType(_read())
"""Code ("10" to "96") -> Province, in the order of the codes."""


def province_name(code: str, lang: str = "th") -> str:
    """Return the name of province `code`, or the code itself where an imported row has one that is unknown."""
    province = PROVINCES.get(code)
    return province.name(lang) if province else code


@cache
def province_choices(lang: str = "th") -> tuple[tuple[str, str], ...]:
    """Return (code, name) of all provinces for a select, in the order of the dictionary of `lang`."""
    return tuple(sorted(((p.code, p.name(lang)) for p in PROVINCES.values()), key=lambda choice: sort_key(choice[1])))


@cache
def _codes_by_name() -> dict[str, str]:
    codes = {search_text(name): p.code for p in PROVINCES.values() for name in (p.name_th, p.name_en)}
    return codes | {"กทม": "10", "กรุงเทพ": "10", "อยุธยา": "14"}


def find_province(text: str) -> str | None:
    """Return the code of the province that `text` names or numbers, as imports write it; None where there is none.

    Reads "ขอนแก่น", "จังหวัดขอนแก่น", "จ.ขอนแก่น", "กทม.", "Khon Kaen", "40".
    """
    name = search_text(text)
    if name in PROVINCES:
        return name
    for prefix in ("จังหวัด", "จ."):
        name = name.removeprefix(prefix).strip()
    return _codes_by_name().get(name) or _codes_by_name().get(name.rstrip(".ฯ"))
