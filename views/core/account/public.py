"""The texts that everybody may read: privacy policy, terms of use, accessibility."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.core.legal import legal_text
from views.core.access import open_to_all
from views.core.base import PageView
from views.core.look import lang


class PublicView(PageView):
    """Texts of the house."""

    route_base = "/about"
    default_view = "terms"

    def _text(self, name: str) -> ResponseReturnValue:
        text = legal_text(name, lang())
        return self.page("core/terms.html", text=text)

    @expose("/terms")
    @open_to_all
    def terms(self) -> ResponseReturnValue:
        """ข้อกำหนดการใช้งาน."""
        return self._text("terms")

    @expose("/privacy")
    @open_to_all
    def privacy(self) -> ResponseReturnValue:
        """นโยบายความเป็นส่วนตัว."""
        return self._text("privacy")

    @expose("/accessibility")
    @open_to_all
    def accessibility(self) -> ResponseReturnValue:
        """การเข้าถึงสำหรับทุกคน."""
        return self._text("accessibility")
