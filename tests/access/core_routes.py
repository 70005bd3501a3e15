"""The core's routes: who may come, to which record, and what is posted; those made from declarations too."""

from __future__ import annotations

from models.core.entity import entities
from tests.access.table import (
    API_KEY,
    OFFICE,
    OPEN,
    SIGNED_IN,
    Route,
    needs,
)
from views.core.api.records import class_name, routes_of
from views.core.records.asked import endpoint_of

# Values beginning with @ are taken from the world of the test.
CORE_ROUTES: dict[str, Route] = {
    # --- open doors -------------------------------------------------------------------------------------------------
    "static": Route(OPEN, url={"filename": "core/css/tokens.css"}),
    "appbuilder.static": Route(OPEN, url={"filename": "css/flags/flags16.css"}),
    "health.healthz": Route(OPEN),
    "health.readyz": Route(OPEN),
    "health.metrics": Route(OPEN, sees=set()),  # with the operator's token only
    "PublicView.accessibility": Route(OPEN),
    "PublicView.privacy": Route(OPEN),
    "PublicView.terms": Route(OPEN),
    "LocaleView.set": Route(OPEN, data={"lang": "en"}),
    "SignView.sign_in": Route(OPEN),
    "RegisterView.form": needs("account.create"),
    "RegisterView.confirm": Route(OPEN, url={"token": "@confirm"}, ends_at_the_door=True),
    "RegisterView.resend": Route(OPEN),
    "RegisterView.sent": Route(OPEN),
    "ForgottenView.form": Route(OPEN),
    "ForgottenView.reset": Route(OPEN, url={"token": "@reset"}),
    "ForgottenView.sent": Route(OPEN),
    # --- one's own --------------------------------------------------------------------------------------------------
    "HomeView.index": Route(SIGNED_IN),
    "SignView.sign_out": Route(SIGNED_IN, ends_at_the_door=True),
    "AccountView.profile": Route(SIGNED_IN),
    "AccountView.password": Route(SIGNED_IN),
    "AccountView.sessions": Route(SIGNED_IN),
    "OwnMessagesView.form": Route(SIGNED_IN),
    "AccountView.end_session": Route(SIGNED_IN, url={"pk": "@session_row"}),
    "AccountView.end_other_sessions": Route(SIGNED_IN),
    "AccountView.consent": Route(SIGNED_IN),
    "AddressView.form": Route(SIGNED_IN),
    "AddressView.confirm": Route(OPEN, url={"token": "@reset"}),
    "TextsView.form": Route(SIGNED_IN),
    "AccountView.close": needs("user.set_status", ends_at_the_door=True),
    "NotificationView.list": Route(SIGNED_IN),
    "NotificationView.open": Route(SIGNED_IN, url={"pk": "@notification"}, sees={"author"}),
    "NotificationView.mark": Route(SIGNED_IN, url={"pk": "@notification"}, sees={"author"}),
    "NotificationView.read_all": Route(SIGNED_IN),
    "PulseView.index": Route(SIGNED_IN),
    "TypingView.token": Route(SIGNED_IN),
    "SearchView.index": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "SearchView.suggest": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "FileView.get": Route(SIGNED_IN, url={"key": "@file"}, sees={"author"}),
    "FileView.upload": Route(SIGNED_IN, url={"purpose": "@card_purpose"}),
    # --- the core's tables ------------------------------------------------------------------------------------------
    "OwnDataView.form": Route(SIGNED_IN),
    "OwnDataView.copy": Route(SIGNED_IN),
    "RecordTypingView.keep": needs("user.edit", url={"name": "account"}),
    "RecordFilesView.export": needs("user.edit", url={"name": "account", "ending": "csv"}),
    "RecordFilesView.form": needs("user.edit", url={"name": "account"}),
    "RecordFilesView.template": needs("user.edit", url={"name": "account", "ending": "csv"}),
    "RecordFilesView.show": needs("user.edit", url={"name": "account", "pk": 999_999}, sees=set()),
    "RecordFilesView.part": needs("user.edit", url={"name": "account", "pk": 999_999}, sees=set()),
    "OwnFilesView.list": Route(SIGNED_IN),
    "OwnFilesView.lines": Route(SIGNED_IN),
    "OwnFilesView.cancel": Route(SIGNED_IN, url={"pk": "@export"}, sees={"author"}),
    "OwnFilesView.again": Route(SIGNED_IN, url={"pk": "@export"}, sees={"author"}),
    "OwnDataView.withdraw": Route(SIGNED_IN, url={"pk": "@privacy_request"}, data={"version": "1"}, sees={"author"}),
    "PrivacyRequestView.list": needs("privacy.manage"),
    "PrivacyRequestView.show": needs("privacy.manage", url={"pk": "@privacy_request"}),
    "PrivacyRequestView.answer": needs(
        "privacy.manage", url={"pk": "@privacy_request"}, data={"action": "refuse", "answer": "-", "version": "1"}
    ),
    "MessageView.list": needs("outbox.manage"),
    "MessageView.show": needs("outbox.manage", url={"pk": "@message"}),
    "MessageView.mail": needs("outbox.manage", url={"pk": "@message"}),
    "MessageView.retry": needs("outbox.manage"),
    "AccessLogView.list": needs("access_log.view"),
    "AccessLogView.show": needs("access_log.view", url={"seq": "@entry"}),
    "AccessLogView.export": needs("access_log.view", url={"ending": "csv"}),
    "AccessLogView.people": needs("access_log.view", query={"q": "พิมพ์"}),
    "ApiKeyView.list": needs("api_key.manage"),
    "ApiKeyView.people": needs("api_key.manage", query={"q": "พิมพ์"}),
    "ApiKeyView.give": needs("api_key.manage"),
    "ApiKeyView.show": needs("api_key.manage", url={"pk": "@api_key"}),
    "ApiKeyView.revoke": needs("api_key.manage", url={"pk": "@api_key"}, data={"reason": "-"}),
    "ApiDocsView.index": Route(SIGNED_IN),
    "ApiDocument.document": Route(SIGNED_IN),
    "SettingView.list": needs("console.use"),
    "SettingView.edit": needs("console.use", url={"name": "fund.rows.list"}),
    "SettingView.reset": needs("console.use", url={"name": "fund.rows.list"}),
    # --- the data console -------------------------------------------------------------------------------------------
    "console.index": needs("console.use"),
    **{
        f"console_{view}.{name}": needs("console.use", url={"export_type": "csv"}, query={"id": f"@{key}"}, data=data)
        for view, key, names, data in (
            ("grants", "grant", "index_view details_view export action_view", {"action": "end", "rowid": "@grant"}),
            ("devices", "device", "index_view details_view export action_view", {"action": "end", "rowid": "@device"}),
            ("consents", "consent", "index_view export", {}),
            ("limits", "count", "index_view action_view", {"action": "forget", "rowid": "@count"}),
            ("jobs", "job", "index_view details_view export action_view", {"action": "retry", "rowid": "@job"}),
            ("backups", "backup", "index_view details_view export", {}),
            ("numbers", "number", "index_view export", {}),
            ("permissions", "permission", "index_view details_view export", {}),
            ("topics", "topic", "index_view details_view export edit_view", {"version": "1"}),
            ("affiliations", "affiliation", "index_view details_view export edit_view", {"version": "1"}),
            ("affiliations", "affiliation", "delete_view", {"id": "@affiliation"}),
            ("apart", "apart", "index_view details_view export", {}),
            ("apart", "apart", "delete_view", {"id": "@apart"}),
        )
        for name in names.split()
    },
    "console_topics.ajax_update": needs("console.use", data={"id": "@topic", "column": "title_th", "title_th": "-"}),
    "console_affiliations.ajax_update": needs(
        "console.use", data={"id": "@affiliation", "column": "name", "name": "-"}
    ),
    "console_choices.index_view": needs("console.use"),
    "console_choices.change": needs(
        "console.use", data={"id": "fund.kinds.disability", "deed": "down:seeing", "version": "0"}
    ),
    "console_scoring.index_view": needs("console.use"),
    "console_scoring.change": needs("console.use", data={"id": "@scoring_draft", "deed": "down:t1", "version": "1"}),
    "console_files.index_view": needs("console.use"),
    "console_files.show": needs("console.use", query={"id": "@file"}),
    # Opening asks the gate of the record too: the file is its uploader's while no record names it.
    "console_files.open": needs("console.use", query={"id": "@own_file"}),
    # --- the permissions --------------------------------------------------------------------------------------------
    "PermissionView.matrix": needs("permission.edit"),
    "PermissionView.change": needs("permission.edit", url={"domain": "fund"}),
    "PermissionView.reset": needs("permission.edit", url={"domain": "fund"}),
    "PermissionView.restore": needs("permission.edit", url={"pk": "@matrix_change"}),
    "PermissionView.history": needs("permission.edit"),
    "PermissionView.export": needs("permission.edit", url={"domain": "fund", "ending": "csv"}),
    "WhyView.ask": needs("permission.edit"),
    "WhyView.people": needs("permission.edit", query={"q": "พิมพ์"}),
}


# Every kind of record has its API, made from its declaration.
CORE_ROUTES |= {
    f"{class_name(entity)}.{method}": Route(API_KEY, url={"key": "1", "action": "-"})
    for entity in entities()
    for method in routes_of(entity)
}


# Every kind of record has its pages, made from its declaration: method -> what of its gates is needed.
RECORD_METHODS = {"list": "view", "show": "view", "history": "view"}
RECORD_METHODS |= {"add": "add", "edit": "change", "delete": "delete", "restore": "restore"}
CORE_ROUTES |= {
    f"{endpoint_of(entity)}.{method}": Route(
        OFFICE, url={"pk": "999999"}, method="GET" if deed in ("view", "add", "change") else "POST"
    )
    for entity in entities()
    for method, deed in RECORD_METHODS.items()
    if entity.gates.of(deed)
}
# What the lists of records share; the entity stands in the address.
CORE_ROUTES |= {
    f"RecordToolsView.{method}": Route(
        OFFICE, url={"name": "membership", "field": "organization_id", "pk": "999999", "job": "999999"}, method=verb
    )
    for method, verb in (
        *(("index", "GET"), ("counts", "GET"), ("pick", "GET"), ("outcome", "GET"), ("progress", "GET")),
        *(("save_filters", "POST"), ("change_filters", "POST"), ("columns", "POST"), ("bulk", "POST")),
    )
}
