"""Acts on the site for the tests, in the bench's Python: one JSON command a line on stdin, one JSON answer a line.

Also stands for the scheduler, whose tick of a minute would make every test take minutes: `agent.py tick SECONDS`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import frappe
from frappe.installer import update_site_config

TABLES = ("Event", "Event Attempt", "Lane", "Message", "Conversation", "Contact Address", "Contact")
SESSION = "front-desk"
_LOST_AFTER = 5.0
JOBS = "wuzapi_chatwoot.frappe_host.jobs.entry_points."


def prepare(given: dict[str, Any]) -> None:
	"""No rows of ours but one session, set up for the sandbox."""
	demand_of_files(demanded=False)
	frappe.db.delete("File", {"attached_to_doctype": "WuzAPI Message"})
	for table in TABLES:
		frappe.db.sql(f"DELETE FROM `tabWuzAPI {table}`")
	frappe.db.sql("DELETE FROM `tabError Log`")
	for name in frappe.get_all("WuzAPI Session", pluck="name"):
		frappe.delete_doc("WuzAPI Session", name, force=True)
	frappe.get_doc({"doctype": "WuzAPI Session", "session_name": SESSION, **given}).insert()
	frappe.db.set_single_value("WuzAPI Settings", "lease_seconds", 10)


def lanes() -> list[dict[str, Any]]:
	return frappe.db.sql("SELECT lane, lease_owner FROM `tabWuzAPI Lane`", as_dict=True)


def waiting_for() -> list[str]:
	"""Why events wait."""
	return frappe.db.sql_list(
		"SELECT DISTINCT last_error FROM `tabWuzAPI Event` WHERE state = 'waiting' AND last_error IS NOT NULL"
	)


def dead() -> list[dict[str, Any]]:
	return frappe.db.sql(
		"SELECT name, kind, last_error FROM `tabWuzAPI Event` WHERE state = 'dead'", as_dict=True
	)


def faults() -> list[str]:
	"""Whatever tells of a fault of ours."""
	errors = frappe.db.sql_list("SELECT error FROM `tabError Log` WHERE error LIKE '%%wuzapi_chatwoot%%'")
	attempts = "SELECT error FROM `tabWuzAPI Event Attempt` WHERE error LIKE '%%a fault in the bridge%%'"
	return [*errors, *frappe.db.sql_list(attempts)]


def count(doctype: str, **filters: Any) -> int:
	return frappe.db.count(doctype, filters)


def values(doctype: str, filters: dict[str, Any], fields: list[str]) -> list[dict[str, Any]]:
	return frappe.get_all(doctype, filters=filters, fields=fields)


def files_of(message: int) -> list[dict[str, Any]]:
	"""Those attached to a message, by name, each with the digest of its bytes."""
	attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(message)}
	found = frappe.get_all("File", filters=attached, fields=["name", "file_name", "is_private", "file_url"])
	for file in found:
		# `get_content` may take the bytes for a text, and Frappe 16 for one in any of several encodings.
		path = Path(frappe.get_doc("File", file.pop("name")).get_full_path())
		file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
	return sorted(found, key=lambda file: file["file_name"])


def refused_files(message: int) -> list[list[str]]:
	"""What was kept beside because the site did not take it, of a message: digests, and who may open them."""
	folder = Path(frappe.get_site_path("private", "wuzapi_chatwoot", "refused"))
	return [
		[hashlib.sha256(path.read_bytes()).hexdigest(), oct(path.stat().st_mode & 0o777)]
		for path in sorted(folder.glob(f"{message}-*"))
	]


def demand_of_files(*, demanded: bool) -> None:
	"""Customize Form: no file is kept that does not say for which field it is."""
	setter = {"doc_type": "File", "field_name": "attached_to_field", "property": "reqd"}
	for name in frappe.get_all("Property Setter", filters=setter, pluck="name"):
		frappe.delete_doc("Property Setter", name)
	if demanded:
		doc = {**setter, "doctype_or_field": "DocField", "property_type": "Check", "value": "1"}
		frappe.get_doc({"doctype": "Property Setter", **doc}).insert()
	frappe.clear_cache(doctype="File")


def forget_message(message: int) -> None:
	"""As if it had been written before the bridge was there."""
	frappe.db.delete("WuzAPI Message", {"name": message})


def set_value(doctype: str, name: int | str, **values: Any) -> None:
	frappe.db.set_value(doctype, name, values)


def set_session(**given: Any) -> None:
	doc = frappe.get_doc("WuzAPI Session", SESSION)
	doc.update(given)
	doc.save()


def examine() -> list[dict[str, str]]:
	from wuzapi_chatwoot.api.sessions import examine

	return examine(SESSION)["findings"]


def ask_for_a_look() -> None:
	"""As the desk does while it shows a QR code."""
	from wuzapi_chatwoot.frappe_host.sessions.setup import enqueue_once

	enqueue_once("look", SESSION)


def waited_for_the_look() -> float | None:
	"""Seconds in the queue; nothing while it has not come to its end."""
	from frappe.utils.background_jobs import get_job

	from wuzapi_chatwoot.frappe_host.task_state.enqueue import FOR_PEOPLE

	job = get_job(f"{FOR_PEOPLE} look {SESSION}")
	if job is None or not job.is_finished:
		return None
	return (job.started_at - job.enqueued_at).total_seconds()


def add_sessions(tokens: list[str], gateway_url: str, callback_url: str) -> None:
	"""Beside the one that is there, each with the token of a user of that gateway."""
	given = frappe.get_doc("WuzAPI Session", SESSION)
	for number, token in enumerate(tokens):
		frappe.get_doc(
			{
				"doctype": "WuzAPI Session",
				"session_name": f"many-{number}",
				"enabled": 1,
				"gateway_url": gateway_url,
				"gateway_token": token,
				"gateway_secret": f"fictional-signing-key-of-session-{number:03}",
				"chatwoot_url": given.chatwoot_url,
				"chatwoot_token": "fictional-token",
				"account_id": given.account_id,
				"inbox_id": 1000 + number,
				"callback_url": callback_url,
			}
		).insert()


def drop_sessions() -> None:
	"""Those of `add_sessions`, without all that deleting a document does."""
	many = ["like", "many-%"]
	frappe.db.delete("WuzAPI Session", {"name": many})
	frappe.db.delete("WuzAPI Session Change", {"session": many})
	frappe.db.delete("__Auth", {"doctype": "WuzAPI Session", "name": many})
	frappe.clear_cache()


def watch_all() -> dict[str, float]:
	"""The watchdog's next tick in a process that knows nothing yet, with everything that it sends to MariaDB."""
	import pymysql.connections

	from wuzapi_chatwoot.frappe_host import settings
	from wuzapi_chatwoot.frappe_host.sessions import watch as session_watch
	from wuzapi_chatwoot.frappe_host.task_state import task_state

	for name in frappe.get_all("WuzAPI Session", pluck="name"):
		task_state.forget(name, "turn")
	settings.forget_sessions()
	sent: list[str] = []
	looked: list[str] = []
	execute, watch = pymysql.connections.Connection._execute_command, session_watch.watch_one

	def noted(self: Any, command: int, sql: Any) -> None:
		sent.append(sql if isinstance(sql, str) else bytes(sql).decode(errors="replace"))
		execute(self, command, sql)

	def watched(name: str) -> bool:
		looked.append(name)
		return watch(name)

	pymysql.connections.Connection._execute_command = noted
	session_watch.watch_one = watched
	try:
		began = time.monotonic()
		settings.sessions()
		read, reading = len(sent), time.monotonic() - began
		session_watch.watch_all()
		seconds = time.monotonic() - began
	finally:
		pymysql.connections.Connection._execute_command = execute
		session_watch.watch_one = watch
	writing = [each for each in sent if each.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE", "REPLAC")]
	return {
		"seconds": seconds,
		"reading": reading,
		"read": read,
		"looks": len(looked),
		"per_look": (len(sent) - read) / max(len(looked), 1),
		"writes": len(writing),
	}


def send(text: str, **to: Any) -> dict[str, int]:
	"""As somebody in the desk: to a conversation, or from a session to a phone."""
	from wuzapi_chatwoot.api.messages import send

	return send(text, **to)


def key_of_administrator() -> str:
	"""For calls of the site's API as a manager."""
	user = frappe.get_doc("User", "Administrator")
	user.api_key, secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
	user.api_secret = secret
	user.save()
	return f"{user.api_key}:{secret}"


def kill_connections() -> int:
	"""Every connection of this site to MariaDB but our own, as a restart of the database would."""
	own = frappe.db.sql("SELECT CONNECTION_ID()")[0][0]
	killed = 0
	for row in frappe.db.sql("SHOW PROCESSLIST"):
		if row[0] != own:
			with contextlib.suppress(Exception):
				frappe.db.sql(f"KILL {int(row[0])}")
				killed += 1
	return killed


def set_config(key: str, value: Any) -> Any:
	"""In the site's configuration; "None" takes it out. Returns what it was, in the same way."""
	before = frappe.get_site_config().get(key) if key in _own_config() else "None"
	update_site_config(key, value)
	return before


def finish_setup() -> None:
	"""A new site shows people its setup wizard and nothing else."""
	frappe.db.set_single_value("System Settings", "setup_complete", 1)
	for row in frappe.get_all("Installed Application", pluck="name"):
		if frappe.get_meta("Installed Application").has_field("is_setup_complete"):
			frappe.db.set_value("Installed Application", row, "is_setup_complete", 1)
	frappe.clear_cache()


def _own_config() -> dict[str, Any]:
	with open(frappe.get_site_path("site_config.json"), encoding="utf-8") as file:
		return json.load(file)


def tick(seconds: float) -> None:
	while True:
		for job in ("wuzapi_chatwoot_sweep", "wuzapi_chatwoot_fetch_missed"):
			with contextlib.suppress(Exception):
				# A job whose worker was killed counts as running for minutes: another id gets by it.
				job_id = f"tick {job} {int(time.time() / _LOST_AFTER)}"
				frappe.enqueue(JOBS + job, queue="short", job_id=job_id, deduplicate=True)
		time.sleep(seconds)


COMMANDS = {
	each.__name__: each
	for each in (
		*(prepare, lanes, waiting_for, dead, faults, count, values, set_session, send, kill_connections),
		*(
			key_of_administrator,
			files_of,
			refused_files,
			demand_of_files,
			forget_message,
			set_value,
			set_config,
			finish_setup,
			examine,
			ask_for_a_look,
			waited_for_the_look,
			add_sessions,
			drop_sessions,
			watch_all,
		),
	)
}


def serve() -> None:
	for line in sys.stdin:
		name, arguments = json.loads(line)
		try:
			# Nothing of an earlier look is kept: each sees what is committed by now.
			frappe.db.rollback()
			frappe.local.cache.clear()
			answer = {"answer": COMMANDS[name](**arguments)}
			frappe.db.commit()
		except Exception as error:  # noqa: BLE001 - the test that asked is told
			answer = {"error": f"{type(error).__name__}: {error}"}
			frappe.db.rollback()
		print(json.dumps(answer, default=str), flush=True)


if __name__ == "__main__":
	frappe.init(site=os.environ["SITE"])
	frappe.connect()
	if sys.argv[1:2] == ["tick"]:
		tick(float(sys.argv[2]))
	serve()
