"""A link is what a browser opens as a page, and nothing that runs."""

import pytest

from models.core.thai.place import BadPostcode, parse_postcode
from models.core.thai.web import BadWebLink, is_web_link, parse_web_link


@pytest.mark.parametrize(
    "text", ["https://meet.example.com/a?b=1#c", "http://10.0.0.1:8080/", "https://ตัวอย่าง.ไทย/ประชุม", " https://a.th "]
)
def test_an_address_of_the_web_is_taken_as_it_is(text):
    assert parse_web_link(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *("javascript:alert(1)", "JavaScript://a.th/%0aalert(1)", "data:text/html,x", "//evil.example", "http://"),
        *("https:evil.example", "https:\\\\evil.example", "ห้องประชุม 2", "https://a b.th", "https://[x", "ftp://a.th"),
        *("https://a.th:99999", "https://:80", ""),
    ],
)
def test_what_a_browser_would_run_or_not_find_is_no_link(text):
    assert not is_web_link(text)
    with pytest.raises(BadWebLink):
        parse_web_link(text)


@pytest.mark.parametrize(("text", "digits"), [("10300", "10300"), ("๔๐๐๐๐", "40000"), (" 50 200 ", "50200")])
def test_a_postcode_has_five_digits_thai_ones_too(text, digits):
    assert parse_postcode(text) == digits


@pytest.mark.parametrize("text", ["123", "1", "01234", "103000", "กขคงจ", "1030a", "¹2345"])
def test_what_is_no_postcode_is_refused(text):
    with pytest.raises(BadPostcode):
        parse_postcode(text)
