"""The desk in another language: sentences of bridge, connectors and jobs are told in that of whoever reads."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from unittest.mock import patch

import frappe
from frappe.translate import clear_cache

from wuzapi_chatwoot.api import sessions as api
from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.notifications import session_alerts
from wuzapi_chatwoot.frappe_host.sessions import diagnose, setup
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, LISTED, MANAGER, add_session
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

LANGUAGE = "de"
# Not German: nobody else says so.
TEXTS = {
	"Somebody has ended the pairing: nothing comes in or goes out.": "T-ended.",
	"Pair it again. What agents write meanwhile waits and is sent then.": "T-pair",
	"WhatsApp has banned the number until {0}.": "T-banned ({0}).",
	"the phone removed this linked device": "T-removed",
	"{0}, code {1}": "{0}, T-code {1}",
	"The gateway cannot be reached": "T-unreached",
	"inbox {0} (number {1}) was made": "T-made {1} {0}",
	"Chatwoot inbox": "T-inbox",
	"This was not finished: {0}. Try again.": "T-unfinished {0}",
	"There is no inbox {0} any more.": "T-gone {0}.",
	"Run the set-up again: it makes or adopts one.": "T-again",
	"it is no API inbox": "T-no-api",
	"{0} is not in account {1} of this Chatwoot, nor in any other": "T-not-in {1} {0}",
	"what answered is not Chatwoot's API; check the address": "t-no-api",
	"The gateway's TLS certificate is not made for {0}: enter the address by a name that stands in it, or get one for {0}": (
		"T-tls {0} {0}"
	),
	"It was not sent: {0}.": "T-unsent {0}.",
}


class TestInLanguage(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 234, (LISTED, MANAGER))
		self.addCleanup(self._forget, frappe.local.lang)
		for source, translated in TEXTS.items():
			frappe.get_doc(
				{
					"doctype": "Translation",
					"language": LANGUAGE,
					"source_text": source,
					"translated_text": translated,
				}
			).insert(ignore_permissions=True)
		frappe.local.lang = LANGUAGE

	def _forget(self, language: str) -> None:
		frappe.local.lang = language
		frappe.db.rollback()
		clear_cache()

	def test_what_is_filled_in_stays(self) -> None:
		for said, read in (
			("inbox Shop (number 7) was made", "T-made 7 Shop"),
			("Ann is not in account 3 of this Chatwoot, nor in any other", "T-not-in 3 Ann"),
			# As it stands at the beginning of a line.
			("What answered is not Chatwoot's API; check the address.", "T-no-api."),
			(
				"The gateway cannot be reached (ConnectTimeout: no (answer))",
				"T-unreached (ConnectTimeout: no (answer))",
			),
			(
				"It was not sent: The gateway cannot be reached (HTTP 502).",
				"T-unsent T-unreached (HTTP 502).",
			),
			("the phone removed this linked device, code 401", "T-removed, T-code 401"),
			# What somebody has called an inbox is no sentence of ours, and neither is what the other side says.
			("inbox removed (number 7) was made", "T-made 7 removed"),
			("It was not sent: who knows.", "T-unsent who knows."),
			("Nobody has ever said this.", "Nobody has ever said this."),
			("", ""),
		):
			with self.subTest(said):
				self.assertEqual(translate_for_reader(said), read)

	def test_what_stands_twice_is_read_twice(self) -> None:
		host = "chat.example.com"
		said = (
			f"The gateway's TLS certificate is not made for {host}: enter the address by a name that stands in it, "
			f"or get one for {host}"
		)
		self.assertEqual(translate_for_reader(said), f"T-tls {host} {host}")

	def test_in_english_every_word_stays(self) -> None:
		frappe.local.lang = "en"
		for said in (
			"Somebody has ended the pairing: nothing comes in or goes out (the phone removed this linked device, code 401).",
			"What answered is not Chatwoot's API; check the address.",
			"inbox Shop (number 7) was made",
		):
			self.assertEqual(translate_for_reader(said), said)

	def test_how_a_session_stands_and_what_became_of_it(self) -> None:
		self._logged_out()
		words = api.state_words("alpha")
		self.assertEqual((words["sentence"], words["advice"]), ("T-ended (T-removed, T-code 401).", "T-pair"))
		self.assertEqual(api.pairing("alpha")["sentence"], "T-ended (T-removed, T-code 401).")
		self.assertEqual(
			[(each["state"], each["detail"]) for each in api.changes("alpha")],
			[("logged_out", "T-removed, T-code 401"), ("connected", "")],
		)
		with self.as_user(LISTED):
			self.assertEqual(len(api.changes("alpha", 1)), 1)

	def test_an_alert_is_in_the_language_of_the_one_whom_it_is_for(self) -> None:
		frappe.db.delete("Notification Log", {"document_name": "alpha"})
		frappe.db.set_value("User", LISTED, "language", LANGUAGE)
		frappe.db.set_value("User", MANAGER, "language", "en")
		self._logged_out()
		session_alerts.alert_if_lost(bridge_of_site(), sessions()["alpha"])
		told = dict(
			frappe.get_all(
				"Notification Log",
				{"document_name": "alpha"},
				["for_user", "subject"],
				as_list=True,
			)
		)
		self.assertEqual(told[LISTED], "alpha: T-ended (T-removed, T-code 401).")
		self.assertIn("Somebody has ended the pairing", told[MANAGER])

	def test_how_far_a_set_up_is_though_a_job_has_told_it(self) -> None:
		frappe.local.lang = "en"
		setup.tell(
			"alpha",
			[Step("Chatwoot inbox", StepState.DONE, "inbox Shop (number 7) was made")],
			running=True,
		)
		frappe.local.lang = LANGUAGE
		[step] = api.set_up_progress("alpha")["steps"]
		self.assertEqual(step, {"name": "T-inbox", "state": "done", "sentence": "T-made 7 Shop"})
		with patch.object(frappe.db, "rollback"), patch.object(frappe.db, "commit"):
			setup.failed("alpha", RuntimeError("secret"))
		[step] = api.set_up_progress("alpha")["steps"]
		self.assertEqual(step["sentence"], "T-unfinished RuntimeError")

	def test_the_doctor(self) -> None:
		with patch.object(diagnose, "_probe", return_value=Reached()):
			found = {each["step"]: each for each in api.examine("alpha")["findings"]}
		self.assertEqual(found["T-inbox"]["sentence"], "T-gone 234.")
		self.assertEqual(found["T-inbox"]["fix"], "T-again")

	def test_why_one_cannot_be_chosen(self) -> None:
		self.chatwoot.have_inbox("Site", is_api=False)
		seen = api.chatwoot_choices("", "http://chatwoot.invalid", "fictional-token", 3)
		self.assertEqual([each["refusal"] for each in seen["inboxes"]], ["T-no-api"])

	def _logged_out(self) -> None:
		why = "the phone removed this linked device, code 401"
		for change in (SessionChanged(SessionState.CONNECTED), SessionChanged(SessionState.LOGGED_OUT, why)):
			FrappeStore().note_session_change("alpha", change, AT)
