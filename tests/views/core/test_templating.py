"""Templates say in each language what they would say if every sentence were looked up as the page is drawn."""

from __future__ import annotations

import pytest
from flask import render_template
from flask_babel import force_locale
from jinja2 import DictLoader

from views.core.templating import LanguageEnvironment

SAYS = {
    "plain.html": '{{ _("Cancel") }}',
    "value.html": '{{ _("Year %(year)s", year=year) }}',
    "values.html": '<a>{{ _("Without %(name)s (%(count)s)", count=7, name=year) }}</a>{{ year }}',
    "percent.html": '{{ _("%(share)s%% of %(all)s", share=year, all=year|length) }}{{ _("%(n)s%%", n=none) }}',
    "said.html": '{% set words = _("Cancel") %}{{ words ~ "<" }}|{{ words|length }}|{{ (words, "x")|join("&") }}',
    "call.html": "{% macro m(text) %}<b>{{ text }}</b>{% endmacro %}{{ m(_('Cancel')) }}{{ m(_(name)) }}",
    "mail.txt": '{{ _("Year %(year)s", year=year) }}',
    "part.html": '{% include "plain.html" %}{% import "call.html" as other %}{{ other.m(_("Close")) }}',
    "own.html": '{% set _ = 1 %}{{ _ }}{% for gettext in ("a",) %}{{ gettext }}{% endfor %}',
    "function.html": "{{ icon('list') }}{{ link('HomeView.index') }}{{ lipsum(n=1, html=false)|length > 9 }}",
    "shadowed.html": "{% macro icon(name) %}<b>{{ name }}</b>{% endmacro %}{{ icon('<') }}{% set link = 1 %}{{ link }}",
    "keyword.html": "{{ dict(**{'class': year})['class'] }}{{ link('StatisticsView.index', **{}) }}",
    "unknown.html": '{{ _("Nobody says this & that") }}',
}


@pytest.fixture
def both(app, monkeypatch):
    """Draw a template as it is now, and with every sentence looked up."""
    environments = []
    for fold in (True, False):
        environment = app.create_jinja_environment()
        environment.__dict__.update(
            {name: app.jinja_env.__dict__[name] for name in ("globals", "filters", "extensions")}
        )
        environment.loader = DictLoader(SAYS)
        environments.append(environment if fold else _looking_up(environment))

    def draw(template, language, **values):
        with app.test_request_context("/"), force_locale(language):
            return [environment.get_template(template).render(**values) for environment in environments]

    return draw


def _looking_up(environment):
    environment.language = ""
    environment._load_template = super(LanguageEnvironment, environment)._load_template
    return environment


@pytest.mark.parametrize("name", SAYS)
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_template_says_the_same_as_if_it_looked_every_sentence_up(both, name, language):
    quick, slow = both(name, language, year="<2569>", name="Close")

    assert quick == slow


def test_values_are_escaped_in_pages_and_left_alone_in_mails(both):
    assert both("value.html", "th", year="<b>")[0] == "ปี &lt;b&gt;"
    assert both("mail.txt", "th", year="<b>")[0] == "ปี <b>"


def test_each_language_has_templates_of_its_own_however_they_take_turns(both):
    said = [both("plain.html", language)[0] for language in ("th", "en", "th", "en")]

    assert said == ["ยกเลิก", "Cancel", "ยกเลิก", "Cancel"]


def test_a_sentence_is_not_looked_up_again(app, both, monkeypatch):
    both("plain.html", "th")

    def nobody(*_args):
        raise AssertionError("a sentence was looked up")

    with app.test_request_context("/"), force_locale("th"):
        text = app.jinja_env.get_template("core/_keys.html").render()
        monkeypatch.setitem(app.jinja_env.globals, "_", nobody)
        monkeypatch.setitem(app.jinja_env.globals, "gettext", nobody)
        assert render_template("core/_keys.html") == text
