"""Choices for all sessions of this site."""

from frappe import _
from frappe.model.document import Document

from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.settings import pauses_of
from wuzapi_chatwoot.frappe_host.telemetry.site_log import forget_level

# Shorter than a worker's signs of life are apart, a lease would run out under a worker that lives.
SHORTEST_LEASE = 10


class WuzAPISettings(Document):
	def validate(self) -> None:
		if (self.lease_seconds or 0) < SHORTEST_LEASE:
			refuse(_("Lease Seconds must be {0} or more").format(SHORTEST_LEASE))
		for field in ("event_retention_days", "file_retention_days"):
			if (self.get(field) or 0) < 0:
				refuse(_("A number of days must be 0 or more"))
		try:
			right = all(pause > 0 for pause in pauses_of(self.retry_pauses or ""))
		except ValueError:
			right = False
		if not right:
			refuse(_("The pauses must be numbers of seconds above 0, separated by commas"))

	def on_update(self) -> None:
		forget_level()
