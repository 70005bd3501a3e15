"""Letters with the one-time codes of schools' first sign-in, a page for each school (spec: assessment.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.core.clock import now, today
from models.core.reference.provinces import province_name
from reports.assessment import words
from reports.core import pdf
from reports.core.templates import render_html, thai_date

if TYPE_CHECKING:
    from models.assessment.activation import Drawn
    from models.assessment.round import Round

TITLE = "จดหมายแจ้งรหัสเปิดใช้งานของสถานศึกษา"
# A letter is one page, however long the names of school and committee are.
_PAGE = pdf.Page(top=1.8, bottom=1.2)
_CSS = """
body { font-size: 15pt; line-height: 1.4; }
p { margin: 0 0 3pt 0; }
div.code { border: 1pt solid #333333; padding: 5pt 6pt 3pt 6pt; margin: 4pt 0 6pt 0; text-align: center; }
div.code p { margin: 0; }
p.secret { font-size: 24pt; font-weight: bold; line-height: 1.35; margin: 0; text-align: center; }
p.steps { margin: 0 0 2pt 1cm; text-indent: -0.6cm; }
p.to { margin: 0 0 3pt 0; }
p.sign { margin: 6pt 0 0 7.5cm; text-align: center; }
"""


def letters_paper(drawn: Sequence[Drawn], this: Round | None, site: str) -> bytes:
    """The PDF of the letters in the order of the schools; `site` is the address to sign in at. Raises PdfFailed."""
    html = render_html(
        "assessment/activation.html",
        title=TITLE,
        letters=drawn,
        round=words.round_name(this) if this is not None else "",
        closes=this.closes_at if this is not None and this.closes_at > now() else None,
        opens=this.opens_at if this is not None and this.opens_at > now() else None,
        site=urlsplit(site).netloc or site,
        day=thai_date(today()),
        registry=words.REGISTRY,
        committee_name=words.committee_name,
        province_name=province_name,
    )
    return pdf.render(html, title=TITLE, author=words.REGISTRY, css=_CSS, page=_PAGE, head=False, foot=False)
