"""Probes say whether the process is up, whether it can serve, and how it is doing."""

from __future__ import annotations

import shutil

import pytest

from models.core import audit
from models.core.db import db
from models.core.matrix import MatrixVersion
from models.core.outbox import post
from services.core import ServiceDown
from views.core import health, metrics


@pytest.fixture
def ready(make_app):
    """An application with its tables filled as after `init`, and a browser on it."""

    def make(**settings):
        app = make_app(**settings)
        with app.app_context():
            db.session.add(MatrixVersion(id=1, version=1))
            db.session.commit()
        return app

    return make


def test_all_is_well(ready):
    client = ready().test_client()

    assert client.get("/healthz").get_json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "database": "ok", "storage": "ok", "queue": "ok"}


@pytest.mark.parametrize("part", ["storage", "queue"])
def test_a_part_that_is_down_is_named(ready, monkeypatch, part):
    def down() -> None:
        raise ServiceDown("secret details: 10.0.0.5")

    monkeypatch.setitem(health.PARTS, part, down)
    answer = ready().test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()[part] == "failed: ServiceDown"
    assert "10.0.0.5" not in answer.text


def test_a_database_that_is_gone_is_named_and_the_process_is_up(make_app):
    app = make_app()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    (app.config["SALA"].data_dir / "plain.db").write_bytes(b"not a database at all, only some text" * 100)
    for name in ("plain.db-wal", "plain.db-shm"):
        (app.config["SALA"].data_dir / name).unlink(missing_ok=True)
    client = app.test_client()

    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").get_json()["database"].startswith("failed")
    assert client.get("/healthz").status_code == 200


def test_storage_that_is_gone_is_noticed(ready):
    app = ready()
    folder = app.config["SALA"].data_dir / "files"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")

    assert app.test_client().get("/readyz").get_json()["storage"] == "failed: StorageDown"


def test_figures_need_their_token(ready):
    client = ready(SALA_METRICS_TOKEN="right-token").test_client()

    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer right-token"}).status_code == 200


def test_without_a_token_there_are_no_figures(ready):
    assert ready().test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_count_requests_and_what_waits(ready):
    app = ready()
    with app.app_context():
        post("a@x.example", "test")
        audit.act_as(None)
        db.session.commit()
        metrics.note_request("GET", "test_endpoint", 200, 0.1)
        page = metrics.page().decode()

    assert 'sala_messages{state="waiting"} 1.0' in page
    assert 'sala_requests_total{endpoint="test_endpoint",method="GET",status="2xx"} 1.0' in page
    assert "sala_messages_oldest_waiting_seconds" in page
