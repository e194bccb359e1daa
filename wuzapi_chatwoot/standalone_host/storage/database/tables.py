"""The tables by name, built once from the DocType files when this module is imported."""

from __future__ import annotations

from wuzapi_chatwoot.standalone_host.storage.database.schema import build_tables, read_doctypes

METADATA = build_tables(read_doctypes())

SESSION = METADATA.tables["tabWuzAPI Session"]
CONTACT = METADATA.tables["tabWuzAPI Contact"]
CONTACT_ADDRESS = METADATA.tables["tabWuzAPI Contact Address"]
CONVERSATION = METADATA.tables["tabWuzAPI Conversation"]
MESSAGE = METADATA.tables["tabWuzAPI Message"]
EVENT = METADATA.tables["tabWuzAPI Event"]
EVENT_ATTEMPT = METADATA.tables["tabWuzAPI Event Attempt"]
SESSION_CHANGE = METADATA.tables["tabWuzAPI Session Change"]
LANE = METADATA.tables["tabWuzAPI Lane"]
