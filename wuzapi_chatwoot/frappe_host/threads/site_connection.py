"""A site's database for jobs and their threads: opened, opened again after it was lost, and closed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import frappe


@contextlib.contextmanager
def site_connection(site: str) -> Iterator[None]:
	"""For a thread of its own. If the database is away, the first statement says so."""
	frappe.init(site=site)
	try:
		connect_again()
		yield
	finally:
		with contextlib.suppress(Exception):
			frappe.destroy()


def connect_again() -> bool:
	"""A new connection, as a job wants it; false if there is none to be had."""
	try:
		if frappe.db:
			with contextlib.suppress(Exception):
				frappe.db.close()
		frappe.connect()
		as_machine()
	except Exception as error:  # noqa: BLE001 - whatever the driver says, it is not there
		notice("the site's database cannot be reached", error=type(error).__name__)
		return False
	return True


def as_machine() -> None:
	"""Nobody's session; and every statement sees what others have committed: a job reads between calls that take
	seconds.
	"""
	frappe.set_user("Administrator")
	# In this order: it holds from the next transaction on.
	frappe.db.sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
	frappe.db.commit()  # nosemgrep - nothing has been written yet; begins that transaction


def notice(what: str, /, **ids: object) -> None:
	from wuzapi_chatwoot.frappe_host.telemetry.observer import SiteObserver

	SiteObserver().notice(what, **ids)
