"""What is large and seldom needed is not imported by an application that was only created."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Each is imported when it is first used. Pillow, cryptography and Babel are imported by Flask-AppBuilder and Flask-WTF
# themselves, and Flask-Admin is what the console's views are made of.
SELDOM = [
    "pythainlp",
    "reportlab",
    "xhtml2pdf",
    "pypdf",
    "uharfbuzz",
    "fontTools",
    "lxml",
    "html5lib",
    "svglib",
    "openpyxl",
    "xlsxwriter",
    "segno",
    "nh3",
    "s3fs",
    "aiobotocore",
    "botocore",
    "aiohttp",
    "httpx",
    "redis",
    "huey",
    "icalendar",
    "alembic",
    "mako",
    "gunicorn",
    "authlib",
    "webauthn",
    "pyotp",
    "hypothesis",
    "pytest",
    "django",
]


def test_an_application_that_was_created_has_imported_nothing_that_is_seldom_needed(tmp_path):
    program = f"""
import sys
import config
from app import create_app
create_app(config.read({{"SALA_ENV": "test", "SALA_DATA_DIR": {str(tmp_path)!r}}}))
print(*[name for name in {SELDOM!r} if name in sys.modules])
"""

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []


def test_what_documents_are_made_with_is_there_before_a_server_forks(tmp_path):
    program = f"""
import gc, sys
import config
from app import create_app
from reports.core.words import _dictionary
from views.core.cli.serving import _share_memory
app = create_app(config.read({{"SALA_ENV": "test", "SALA_DATA_DIR": {str(tmp_path)!r}}}))
with app.app_context():
    _share_memory(app)
print("xhtml2pdf" in sys.modules, _dictionary.cache_info().currsize, gc.get_freeze_count() > 100_000)
"""

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["True", "1", "True"], done.stderr[-2000:]
