"""The base form: messages from our catalogue, clean text, markup that a screen reader understands."""

import re

import pytest
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forms.core.base import SalaForm, error_id, hint_id
from forms.core.fields import CitizenIdField, ThaiTextField
from forms.core.sentences import SENTENCES
from forms.core.validators import Required

THAI = re.compile("[\u0e01-\u0e5b]")


class NoteForm(SalaForm):
    title = StringField("Title", [Length(max=5)])
    text = TextAreaField("Text")
    secret = PasswordField("Secret")
    kind = SelectField("Kind", choices=[("a", "A")])
    name = ThaiTextField("Name", [Required()], max_length=30, description="As on the card")


def test_plain_text_fields_are_cleaned_and_passwords_only_composed(post):
    form = post(NoteForm, title=" กํา ", text="ก \r\nข", secret=" ก\u200be\u0301 ", kind="a", name="ก")

    assert (form.title.data, form.text.data, form.secret.data) == ("กำ", "ก\nข", " ก\u200bé ")


def test_the_messages_of_wtforms_are_thai(post):
    form = post(NoteForm, title="ยาวเกินไปมาก", kind="z", name="ก")
    form.validate()

    assert form.errors == {
        "title": ["ข้อความยาวเกินไป กรอกไม่เกิน 5 ตัวอักษร"],
        "kind": ["ไม่มีตัวเลือกนี้ เลือกใหม่จากรายการ"],
    }


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_sentence_about_a_value_is_thai(form_app, kind):
    with form_app.test_request_context():
        assert all(THAI.search(str(sentence)) for sentence in SENTENCES[kind].values())


def test_an_expired_form_is_explained_in_thai(form_app):
    form_app.config["WTF_CSRF_ENABLED"] = True

    with form_app.test_request_context(method="POST", data={"name": "ก", "kind": "a"}):
        form = NoteForm()

        assert not form.validate()
        assert form.errors == {"csrf_token": ["แบบฟอร์มหมดอายุ กดบันทึกอีกครั้ง"]}


def test_a_control_is_tied_to_its_hint_and_its_error(post):
    form = post(NoteForm, kind="a")
    before = form.name()
    form.validate()
    after = form.name(class_="form-control")

    assert f'aria-describedby="{hint_id(form.name)}"' in before
    assert "aria-invalid" not in before
    assert f'aria-describedby="{hint_id(form.name)} {error_id(form.name)}"' in after
    assert 'aria-invalid="true"' in after
    assert 'class="form-control"' in after


def test_a_field_without_hint_and_error_is_described_by_nothing(post):
    assert "aria-" not in post(NoteForm).text()


def test_the_length_is_told_to_the_script_and_never_cuts(post):
    form = post(NoteForm)

    assert form.name.flags.maxlength == 30
    assert 'data-maxlength="30"' in form.name()
    assert not re.search(r"(?<!-)\bmaxlength=", form.name())
    assert not re.search(r"(?<!-)\bmaxlength=", form.title())


def test_what_the_page_asks_for_wins_over_what_the_field_brings(post):
    class Form(SalaForm):
        number = CitizenIdField("Number", render_kw={"autocomplete": "on"})

    form = post(Form)

    assert 'autocomplete="on"' in form.number()
    assert 'inputmode="text"' in form.number(inputmode="text")


def test_required_is_a_flag(post):
    form = post(NoteForm)

    assert form.name.flags.required
    assert not form.title.flags.required
