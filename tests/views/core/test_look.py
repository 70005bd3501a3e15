"""The look: what the templates promise about icons, security policy, labels, errors and words."""

import html
import json
import re
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import FlaskForm
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from views.core import look
from views.core.widgets import init_look

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static/core/js").glob("*.js"))
VENDOR = ROOT / "static/vendor"


def source(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)


def make_app() -> Flask:
    app = Flask("look", root_path=str(ROOT))
    app.config.update(
        SECRET_KEY="test", WTF_CSRF_ENABLED=False, BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "babel/translations")
    )
    Babel(app, default_locale="th")
    init_look(app)
    app.jinja_env.globals["csp_nonce"] = lambda: "n0nce"
    return app


@pytest.fixture
def app():
    app = make_app()
    with app.test_request_context("/here?q=1"):
        yield app


class Inside(FlaskForm):
    amount = StringField("จำนวน", [InputRequired("กรอกจำนวน")])


class Example(FlaskForm):
    version = HiddenField("version", [InputRequired("no version")])
    name = StringField("ชื่อ", [Length(min=3, message="สั้นเกินไป")], description="ชื่อเต็ม")
    sector = RadioField("ภาค", [InputRequired("เลือกภาค")], choices=[("a", "ภาครัฐ"), ("b", "ภาคเอกชน")])
    agree = BooleanField("ยอมรับ")
    rows = FieldList(FormField(Inside), min_entries=2)


def form_macro(app: Flask, call: str, **values: object) -> str:
    return render_template_string("{% import 'core/_forms.html' as forms %}" + call, **values)


# --- Files ------------------------------------------------------------------------------------------------------------


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol[^>]* id="([^"]+)"', (VENDOR / "bootstrap-icons/icons.svg").read_text("utf-8")))
    assert sprite == set((VENDOR / "bootstrap-icons/icons.txt").read_text("utf-8").split())
    used = {name for path in TEMPLATES for name in re.findall(r'icon\(\s*"([a-z0-9-]+)"', source(path))}
    assert used - sprite == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_needs_inline_styles_handlers_or_unsigned_scripts(path: Path) -> None:
    text = source(path)
    assert not re.search(r"<[a-z][^>]*\sstyle\s*=", text)
    written = re.sub(r"\{\{.*?\}\}", "", text, flags=re.S)  # An argument may be called `one`.
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", written)
    assert not re.search(r"javascript:|//cdn|https?://(?!www\.w3\.org)", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "nonce=" in script


def test_every_vendored_folder_has_its_licence_and_its_line_in_the_list() -> None:
    listed = (VENDOR / "README.md").read_text("utf-8")
    for folder in (path for path in VENDOR.iterdir() if path.is_dir()):
        assert (folder / "LICENSE").is_file(), folder
        assert f"| {folder.name} |" in listed


def test_no_style_sheet_or_script_of_ours_asks_another_host() -> None:
    for path in [*SCRIPTS, *(ROOT / "static/core/css").glob("*.css")]:
        assert not re.search(r"https?://(?!www\.w3\.org)|@import", path.read_text("utf-8")), path


def test_scripts_find_their_modules_and_their_sentences(app: Flask) -> None:
    page = render_template("core/_foot.html")
    modules = json.loads(re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page, re.S)[1])["imports"]
    assert set(modules) == {f"sala/{path.stem}" for path in SCRIPTS if path.stem != "app"}
    config = json.loads(re.search(r'id="sala-config"[^>]*>(.*?)</script>', page, re.S)[1])
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        assert set(re.findall(r'from "(sala/\w+)"', text)) <= set(modules)
        assert set(re.findall(r'\btext\("(\w+)"', text)) <= set(config["text"]), path
        assert set(re.findall(r"\bconfig\.(\w+)", text)) <= {*config, "text"}, path
    assert config["text"]["cancel"] == "ยกเลิก"


def test_scripts_contain_no_thai_and_no_eval() -> None:
    for path in SCRIPTS:
        code = re.sub(r"\[๐-๙\]", "", path.read_text("utf-8"))
        assert not re.search(r"[ก-๛]", code), path
        assert not re.search(r"\beval\(|new Function|setAttribute\(\"style\"", code), path


def test_the_province_map_holds_all_77_provinces_with_thai_names() -> None:
    provinces = json.loads((VENDOR / "thailand/provinces.geojson").read_text("utf-8"))["features"]
    assert len({province["properties"]["th"] for province in provinces}) == 77
    assert "กรุงเทพมหานคร" in {province["properties"]["th"] for province in provinces}


# --- Words ------------------------------------------------------------------------------------------------------------


def test_terms_are_kept_together_and_everything_is_escaped() -> None:
    shown = look.keep_terms("เด็กออทิสติก <b>", ["ออทิสติก"])
    assert shown == 'เด็ก<span class="nowrap">ออทิสติก</span> &lt;b&gt;'


def test_the_longest_term_wins_over_one_inside_it() -> None:
    assert look.keep_terms("พัฒนาการศึกษา", ["พัฒนาการ", "พัฒนาการศึกษา"]).count("nowrap") == 1
    assert "พัฒนาการศึกษา</span>" in look.keep_terms("พัฒนาการศึกษา", ["พัฒนาการ", "พัฒนาการศึกษา"])


@given(st.text(alphabet="กขออทิสติก<>&\"' a", max_size=40))
def test_keeping_terms_changes_no_letter(text: str) -> None:
    shown = str(look.keep_terms(text, look.TERMS))
    assert html.unescape(re.sub(r'<span class="nowrap">|</span>', "", shown)) == text


def test_markup_is_left_alone_and_nothing_is_nothing() -> None:
    ready = look.Markup('<a title="ออทิสติก">x</a>')
    assert look.keep_terms(ready) == ready
    assert look.keep_terms(None) == ""


@given(st.integers(0, 400), st.integers(1, 100), st.integers(1, 30_000))
def test_page_numbers_rise_and_hold_first_last_and_here(page: int, size: int, count: int) -> None:
    last = (count - 1) // size
    page = min(page, last)
    shown = look.pages_around(page, size, count)
    numbers = [number for number in shown if number is not None]
    assert numbers == sorted(set(numbers))
    assert {0, last, page} <= set(numbers)
    assert len(shown) <= 9
    assert shown[0] == 0
    assert shown[-1] == last


def test_an_icon_is_silent_beside_words_and_spoken_with_a_label(app: Flask) -> None:
    assert 'aria-hidden="true"' in look.icon("pencil")
    spoken = look.icon("pencil", 'แก้ "ไข"')
    assert 'role="img"' in spoken
    assert "แก้ &#34;ไข&#34;" in spoken


def test_a_route_that_is_not_there_gives_no_link(app: Flask) -> None:
    assert look.link("NowhereView.list") is None
    assert look.link("static", filename="x.css") == "/static/x.css"


# --- Forms ------------------------------------------------------------------------------------------------------------


def posted(**values: str) -> Example:
    form = Example(MultiDict({"name": "ก", "rows-0-amount": "", "rows-1-amount": "5", **values}))
    form.validate()
    return form


def test_all_errors_are_listed_in_page_order_with_where_to_go(app: Flask) -> None:
    assert look.form_errors(posted()) == [
        (None, "version", "no version"),
        ("name", "ชื่อ", "สั้นเกินไป"),
        ("sector", "ภาค", "เลือกภาค"),
        ("rows-0-amount", "จำนวน", "กรอกจำนวน"),
    ]


def test_the_summary_is_focused_linked_and_counts(app: Flask) -> None:
    page = form_macro(app, "{{ forms.error_summary(form) }}", form=posted(version="1"))
    assert 'tabindex="-1"' in page
    assert "data-error-summary" in page
    assert 'href="#rows-0-amount"' in page
    assert "ยังบันทึกไม่ได้ มี 3 ช่องที่ต้องแก้" in page


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    form = posted(version="1", name="สมชาย", sector="a", **{"rows-0-amount": "1"})
    assert form_macro(app, "{{ forms.error_summary(form) }}", form=form).strip() == ""


def test_label_hint_and_error_stand_before_the_field_and_are_tied_to_it(app: Flask) -> None:
    page = form_macro(app, "{{ forms.field(form.name) }}", form=posted())
    places = [page.index(part) for part in ("<label", 'id="name-h"', 'id="name-e"', "<input")]
    assert places == sorted(places)
    assert 'for="name"' in page
    assert 'aria-describedby="name-h name-e"' in page
    assert 'aria-invalid="true"' in page
    assert "placeholder" not in page


def test_a_right_field_is_not_called_invalid(app: Flask) -> None:
    page = form_macro(app, "{{ forms.field(form.name) }}", form=posted(name="สมชาย"))
    assert "aria-invalid" not in page
    assert 'aria-describedby="name-h"' in page


def test_radio_buttons_are_a_group_with_a_legend(app: Flask) -> None:
    page = form_macro(app, "{{ forms.field(form.sector) }}", form=posted())
    assert re.search(r'<fieldset[^>]*id="sector"[^>]*aria-describedby="sector-e"', page)
    assert "จำเป็น" in re.search(r"<legend>(.*?)</legend>", page)[1]
    assert page.count('type="radio"') == 2


def test_repeating_rows_are_numbered_and_their_template_is_blank(app: Flask) -> None:
    row = '<input name="goals-{{ i }}-text" value="{{ entry }}">'
    call = '{% call(entry, i) forms.repeat("goals", ["ก", "ข"], add="เพิ่ม", blank="") %}' + row + "{% endcall %}"
    page = form_macro(app, call)
    assert re.findall(r'name="(goals-\w+-text)" value="(.?)"', page) == [
        ("goals-0-text", "ก"),
        ("goals-1-text", "ข"),
        ("goals-__n__-text", ""),
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [500, 503])
def test_the_worst_errors_need_no_user_no_navigation_and_no_database(app: Flask, code: int) -> None:
    page = render_template("core/error.html", code=code, request_id="7F3A-21C9")
    assert 'lang="th"' in page
    assert "7F3A-21C9" in page
    assert "<script" not in page
    assert "s-side" not in page


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429])
def test_every_other_error_says_what_happened_and_the_way_home(app: Flask, code: int) -> None:
    page = render_template("core/error.html", code=code)
    heading = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert re.search(r"[ก-๛]", heading)
    assert f">{code}<" in page
    assert "หน้าหลัก" in page


def test_the_frame_names_its_language_and_begins_with_the_skip_link(app: Flask) -> None:
    page = render_template("core/base.html", title="ทดสอบ", lang="en", nav=[], theme="dark")
    assert '<html lang="en" data-bs-theme="dark">' in page
    assert re.search(r"<body[^>]*>\s*<a class=\"s-skip\" href=\"#main\"", page)
    assert "<h1>ทดสอบ</h1>" in page
    assert "sign_out" not in page


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "1 KB"), (818, "1 KB"), (23_437, "23 KB"), (1_048_575, "1,024 KB"), (1_900_000, "1.8 MB")],
)
def test_the_size_of_a_file_is_told_in_units_that_people_know(size, text):
    assert look.file_size(size) == text


def test_the_summary_leads_to_what_fills_a_hidden_field():
    class Picked(FlaskForm):
        picked = HiddenField("องค์กร")
        kept = HiddenField("ลับ")

    with make_app().test_request_context():
        form = Picked()
        form.picked.flags.control = "pick"
        form.picked.errors = ["เลือกองค์กร"]
        form.kept.errors = ["ผิด"]

        found = look.form_errors(form)

    assert found == [("pick", "องค์กร", "เลือกองค์กร"), (None, "ลับ", "ผิด")]
