"""What the sources say is held against what the catalogues say."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from views.core.cli import translations

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Done"
msgstr "เสร็จ"

#, fuzzy
msgid "Doubtful"
msgstr "ไม่แน่"

msgid "Empty"
msgstr ""

msgid "One"
msgid_plural "Many"
msgstr[0] "%(num)s รายการ"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project that says some strings, and a catalogue that knows some."""
    for folder in (*translations.SOURCES, "babel/translations/th/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    real = translations.ROOT / "babel" / "babel.cfg"
    (tmp_path / "babel" / "babel.cfg").write_text(real.read_text())
    (tmp_path / "babel/translations/th/LC_MESSAGES/messages.po").write_text(PO)
    (tmp_path / "views" / "a.py").write_text('_("Done"); lazy_gettext("Empty"); ngettext("One", "Many", 3)\n')
    (tmp_path / "templates" / "a.html").write_text('{{ _("Unknown") }}{% do x %}{{ _("Doubtful") }}')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def test_strings_of_code_and_templates_are_found(tree):
    assert translations.said_in_sources() == {"Done", "Empty", "One", "Unknown", "Doubtful"}


def test_what_is_missing_empty_or_doubtful_is_counted(tree):
    short = translations.shortfall("th")

    assert short.missing == ["Empty", "Unknown"]
    assert short.fuzzy == ["Doubtful"]
    assert short.total == 5


def test_languages_are_those_with_a_catalogue(tree):
    assert translations.languages() == ["th"]


# Applicants are "ท่าน" and staff "คุณ"; what both read names neither.
BOTH_READ = (
    "Only you see it. The same name again replaces the one before.",
    "The filters are kept as a tab of yours.",
    "The address may be mistyped, the record deleted, or not among those you can see.",
    "What you typed at %(time)s and had not saved is back in the form.",
    "What you typed is kept. Choose which to use.",
    "You, in another window",
    "Your session has ended. Sign in again in another tab; what you typed stays here",
    "Yours",
    "Yours still stands below; save again to replace theirs.",
    "you",
)


@pytest.mark.parametrize("said", BOTH_READ)
def test_what_applicants_and_staff_both_read_addresses_neither(said):
    with (translations.ROOT / "babel/translations/th/LC_MESSAGES/messages.po").open("rb") as catalogue:
        text = read_po(catalogue).get(said).string

    assert text
    assert "คุณ" not in text
    assert "ท่าน" not in text
