"""What each field accepts, refuses, says and shows again."""

from datetime import date
from decimal import Decimal

import pytest

from forms.core.base import SalaForm
from forms.core.fields import (
    CitizenIdField,
    EmailField,
    LatitudeField,
    LongitudeField,
    MoneyField,
    NewPasswordField,
    PasswordField,
    PhoneField,
    ThaiDateField,
    ThaiTextArea,
    ThaiTextField,
    YearField,
)
from forms.core.validators import Required
from models.core.thai.citizen import format_citizen_id, sample_citizen_id
from models.core.thai.text import to_thai_digits

CITIZEN_ID = sample_citizen_id(7)
WRONG_CITIZEN_ID = CITIZEN_ID[:12] + str((int(CITIZEN_ID[12]) + 1) % 10)


class PersonForm(SalaForm):
    day = ThaiDateField("Day")
    year = YearField("Year")
    amount = MoneyField("Amount")
    citizen_id = CitizenIdField("Citizen ID")
    phone = PhoneField("Telephone")
    mobile = PhoneField("Mobile", mobile=True)
    email = EmailField("E-mail")
    latitude = LatitudeField("Latitude")
    longitude = LongitudeField("Longitude")
    name = ThaiTextField("Name", max_length=10)
    story = ThaiTextArea("Story", max_length=20)
    password = NewPasswordField("Password")


@pytest.mark.parametrize(
    ("field", "typed", "value", "shown"),
    [
        ("day", "๑๑ มี.ค. ๒๕๖๙", date(2026, 3, 11), "11/03/2569"),
        ("year", "พ.ศ. ๒๕๖๙", 2026, "2569"),
        ("amount", "๑,๒๕๐.๕", Decimal("1250.50"), "1,250.50"),
        ("amount", "0", Decimal("0.00"), "0.00"),
        ("citizen_id", to_thai_digits(CITIZEN_ID), CITIZEN_ID, format_citizen_id(CITIZEN_ID)),
        ("phone", "043 555 120 ต่อ ๙", "043555120#9", "043-555-120 ต่อ 9"),
        ("mobile", "081 555 1234", "0815551234", "081-555-1234"),
        ("email", " Somchai@Example.com", "somchai@example.com", "somchai@example.com"),
        ("latitude", "๑๓.๗๕๖๓๓๑", Decimal("13.756331"), "13.756331"),
        ("longitude", "100.5", Decimal("100.500000"), "100.500000"),
        ("name", " นํ้า\u200b ", "น้ำ", "น้ำ"),
        ("story", "หนึ่ง  \r\nสอง\r\n", "หนึ่ง\nสอง", "หนึ่ง\nสอง"),
    ],
)
def test_a_field_reads_what_people_type(post, field, typed, value, shown):
    form = post(PersonForm, **{field: typed})

    assert form.validate(), form.errors
    assert form[field].data == value
    assert form[field]._value() == shown


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("day", "11/03/2026", "ปี 2026 ไม่ใช่ พ.ศ. ถ้าหมายถึง ค.ศ. 2026 ให้พิมพ์ 2569"),
        ("day", " 11/3/69", "ปี 69 ไม่ครบ 4 หลัก พิมพ์ปี พ.ศ. ให้ครบ เช่น 2569"),
        ("year", "2026", "ปี 2026 ไม่ใช่ พ.ศ. ถ้าหมายถึง ค.ศ. 2026 ให้พิมพ์ 2569"),
        ("amount", "12,50", "จุลภาคอยู่ผิดตำแหน่ง ใช้จุลภาคคั่นหลักพันและจุดคั่นสตางค์ เช่น 1,250.00"),
        ("citizen_id", WRONG_CITIZEN_ID, "เลขหลักสุดท้ายไม่ตรงกับหลักตรวจสอบ ตรวจเลขกับบัตรอีกครั้ง"),
        ("mobile", "081 555 12", "กรอกให้ครบ 10 หลัก ขณะนี้มี 8 หลัก"),
        ("email", "somchai", "ไม่ใช่อีเมล พิมพ์ให้ครบ เช่น name@example.com"),
        ("latitude", "13.7, 100.5", "กรอกพิกัดสองค่าไว้ในช่องเดียว แยกละติจูดและลองจิจูดลงช่องของแต่ละค่า"),
        ("longitude", "181", "ค่าพิกัดอยู่นอกช่วง พิมพ์ตัวเลขตั้งแต่ -180 ถึง 180"),
        ("name", "\u200bกขคงจฉชซฌญฎฏ ", "ข้อความยาว 12 ตัวอักษร กรอกได้ไม่เกิน 10 ตัวอักษร ตัดออกอีก 2 ตัวอักษร"),
    ],
)
def test_a_refused_text_is_explained_in_thai_and_shown_again_as_typed(post, field, typed, sentence):
    form = post(PersonForm, **{field: typed})

    assert not form.validate()
    assert form.errors == {field: [sentence]}
    assert form[field]._value() == typed


def test_sentences_are_english_for_who_reads_english(form_app):
    from flask_babel import force_locale

    with form_app.test_request_context(method="POST", data={"day": "11/03/2026"}), force_locale("en"):
        form = PersonForm()
        form.validate()

        assert form.day.errors == ["2026 is not a Buddhist year. If you mean 2026 CE, type 2569."]


def test_the_length_counts_after_cleaning(post):
    form = post(PersonForm, name="  " + "ก\u200b" * 10 + "  ")

    assert form.validate()
    assert form.name.data == "ก" * 10


def test_empty_fields_hold_nothing(post):
    form = post(PersonForm, day=" ", amount="", citizen_id="\u200b", name="  ", email="")

    assert form.validate()
    assert form.day.data is form.amount.data is form.citizen_id.data is form.email.data is None
    assert form.name.data == ""


def test_a_posted_blank_replaces_the_stored_value_and_a_missing_field_does_not(form_app):
    with form_app.test_request_context(method="POST", data={"day": ""}):
        form = PersonForm(data={"day": date(2026, 3, 11), "amount": Decimal("5.00")})

        assert form.day.data is None
        assert form.amount.data == Decimal("5.00")


def test_stored_values_are_shown_as_people_write_them(form_app):
    with form_app.test_request_context():
        form = PersonForm(data={"day": date(2026, 3, 11), "year": 2026, "amount": Decimal(1284600)})

        assert [form.day._value(), form.year._value(), form.amount._value()] == ["11/03/2569", "2569", "1,284,600.00"]
        assert form.citizen_id._value() == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("สั้นไป", "รหัสผ่านมี 6 ตัวอักษร ตั้งให้ยาวอย่างน้อย 8 ตัวอักษร"),
        ("ก" * 129, "รหัสผ่านมี 129 ตัวอักษร ตัดให้เหลือไม่เกิน 128 ตัวอักษร"),
        ("Password123", "รหัสผ่านนี้มีผู้ใช้กันมาก ตั้งรหัสผ่านที่เดายากกว่านี้"),
    ],
)
def test_a_weak_password_is_refused(post, password, sentence):
    form = post(PersonForm, password=password)

    assert not form.validate()
    assert form.errors == {"password": [sentence]}


@pytest.mark.parametrize("password", ["ช้างกินกล้วย", " ขึ้นต้นด้วยวรรค ", "ก" * 127 + "ข", "xkqzvbwm"])
def test_a_password_of_any_characters_is_taken_as_typed(post, password):
    form = post(PersonForm, password=password)

    assert form.validate(), form.errors
    assert form.password.data == password


def test_a_password_is_never_shown_again(post):
    form = post(PersonForm, password="short")
    form.validate()

    assert "short" not in form.password()


class RequiredForm(SalaForm):
    amount = MoneyField("Amount", [Required()])
    day = ThaiDateField("Day", [Required()])
    name = ThaiTextField("Name", [Required()])


def test_zero_baht_is_an_answer(post):
    assert post(RequiredForm, amount="0", day="11/03/2569", name="ก").validate()


def test_blank_is_no_answer(post):
    form = post(RequiredForm, amount=" ", day="", name=" \u200b ")

    assert not form.validate()
    assert set(form.errors) == {"amount", "day", "name"}
    assert form.errors["name"] == ["ยังไม่ได้กรอกช่องนี้ กรอกข้อมูลก่อนบันทึก"]


def test_a_required_field_keeps_its_own_reason(post):
    form = post(RequiredForm, amount="มาก", day="31/04/2569", name="ก")
    form.validate()

    assert form.errors["amount"] == ["ไม่ใช่จำนวนเงิน พิมพ์เป็นตัวเลข เช่น 1,250.00"]
    assert form.errors["day"] == ["เดือน 4 ปี 2569 ไม่มีวันที่ 31 ตรวจวันและเดือนอีกครั้ง"]


class SignInForm(SalaForm):
    name = ThaiTextField("Name", autocomplete="given-name")
    password = PasswordField("Password")
    new = NewPasswordField("New")


def test_browsers_are_told_what_to_fill_in(post):
    form = post(SignInForm)

    assert 'autocomplete="given-name"' in form.name()
    assert 'autocomplete="current-password"' in form.password()
    assert 'autocomplete="new-password"' in form.new()


def test_telephones_are_told_which_keys_to_show(post):
    form = post(PersonForm)

    assert 'inputmode="numeric"' in form.citizen_id()
    assert 'inputmode="decimal"' in form.amount()
    assert 'inputmode="tel"' in form.phone()
