"""Commands of bench about sessions, as the terminal and scripts see them."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import base64
import json
from datetime import datetime
from io import BytesIO
from typing import Any
from unittest.mock import patch

import frappe
from click.testing import CliRunner, Result
from PIL import Image

from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.commands import commands
from wuzapi_chatwoot.frappe_host.commands import session_commands as module
from wuzapi_chatwoot.frappe_host.commands.terminal_qr import terminal_lines
from wuzapi_chatwoot.frappe_host.sessions import pairing
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.store.times import to_site
from wuzapi_chatwoot.frappe_host.tests.session_case import ADMIN_TOKEN, SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, add_event, command_context

PHONE = Address("447700900001", "s.whatsapp.net")
NEW = (
	*("new", "alpha", "--gateway-url", "http://gateway.invalid", "--chatwoot-url", "http://chatwoot.invalid"),
	*("--account", "1"),
)


class TestCommands(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		# The site is there already.
		for name in ("init", "connect", "destroy", "set_user"):
			self._patch(patch.object(frappe, name))
		for name in ("_LOOK_EVERY", "_NUMBER_SECONDS", "_NAME_SECONDS"):
			self._patch(patch.object(module, name, 0))

	def run_command(self, name: str, *arguments: str, code: int = 0, **options: Any) -> Result:
		command = next(each for each in commands if each.name == name)
		# Tokens do not stand on the command line.
		env = {"CHATWOOT_TOKEN": "access-token", **options.pop("env", {})}
		result = CliRunner().invoke(command, arguments, obj=command_context(), env=env, **options)
		self.assertEqual(result.exit_code, code, result.output)
		return result

	def test_from_nothing_to_connected(self) -> None:
		steps = json.loads(
			self.run_command(
				"wuzapi-sessions", *NEW, "--json", env={"WUZAPI_ADMIN_TOKEN": ADMIN_TOKEN}
			).output
		)
		self.assertEqual({step["state"] for step in steps}, {"done", "found"})
		account = self.account("alpha")
		with patch.object(module, "_words_of", side_effect=self.scan(account)):
			output = self.run_command("wuzapi-sessions", "connect", "alpha").output
		self.assertIn("scan this", output)
		self.assertEqual(account.logged_in, True)
		listed = json.loads(self.run_command("wuzapi-sessions", "list", "--json").output)
		[alpha] = [row for row in listed if row["name"] == "alpha"]
		self.assertEqual((alpha["state"], alpha["sentence"]), ("connected", "Connected to WhatsApp."))
		self.assertNotIn("secret", str(listed))

	def scan(self, account: Any) -> Any:
		def words(seen: dict[str, Any]) -> str:
			if not account.logged_in:
				account.pair(PHONE)
				return "scan this"
			return str(seen["sentence"])

		return words

	def test_number_and_name_are_told_when_it_is_connected(self) -> None:
		self.run_command("wuzapi-sessions", *NEW, env={"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN})
		account = self.account("alpha")
		account.connect()
		account.pair(PHONE)
		# A worker hears of them a moment after the gateway says that it is connected.
		told = SessionChanged(SessionState.CONNECTED, address=PHONE, name="Example Shop")
		self._patch(patch.object(module, "_NUMBER_SECONDS", 5))
		with patch.object(
			module.time, "sleep", lambda _seconds: FrappeStore().note_session_change("alpha", told, AT)
		):
			output = self.run_command("wuzapi-sessions", "connect", "alpha").output
		self.assertEqual(output.splitlines()[-1], "+447700900001, Example Shop")
		seen = json.loads(self.run_command("wuzapi-sessions", "connect", "alpha", "--json").output)
		self.assertEqual((seen["number"], seen["name"]), ("+447700900001", "Example Shop"))

	def test_what_is_wrong_is_a_sentence_and_a_code(self) -> None:
		for act in (("connect",), ("disconnect", "--yes"), ("log-out", "--yes")):
			result = self.run_command("wuzapi-sessions", *act, "nobody", code=1)
			self.assertIn("nobody", result.output)
		result = self.run_command("wuzapi-events", "replay", "99999999", code=1)
		self.assertIn("99999999", result.output)
		result = self.run_command("wuzapi-sessions", *NEW, code=1)
		self.assertIn("--admin-token", result.output)

	def test_parting(self) -> None:
		self.run_command("wuzapi-sessions", *NEW, env={"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN})
		account = self.account("alpha")
		account.connect()
		account.pair(PHONE)
		FrappeStore().note_session_change("alpha", SessionChanged(SessionState.CONNECTED, address=PHONE), AT)
		self.run_command("wuzapi-sessions", "rotate", "alpha", "gateway")
		for act in ("disconnect", "log-out"):
			self.run_command("wuzapi-sessions", act, "alpha", input="n\n", code=1)
		self.assertTrue(account.connected and account.logged_in)
		self.run_command("wuzapi-sessions", "log-out", "alpha", "--yes")
		self.assertFalse(account.logged_in)
		arguments = ("delete", "alpha", "--inbox")
		asked = self.run_command("wuzapi-sessions", *arguments, code=1, input="n\n").output
		for line in ("The user alpha on the gateway (", "Inbox 1 (alpha) in Chatwoot, with every"):
			self.assertIn(line, asked)
		self.assertEqual(len(self.gateway.accounts), 1)
		env = {"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN}
		# An inbox goes with every conversation in it: its name has to be given.
		result = self.run_command("wuzapi-sessions", *arguments, "--yes", code=1, env=env)
		self.assertIn("--inbox-name", result.output)
		self.assertEqual((len(self.gateway.accounts), len(self.chatwoot.account)), (1, 1))
		self.run_command("wuzapi-sessions", *arguments, "--yes", "--inbox-name", "alpha", env=env)
		self.assertEqual((self.gateway.accounts, self.chatwoot.account), ({}, {}))
		again = self.run_command("wuzapi-sessions", "delete", "alpha", "--yes").output
		self.assertIn("Nothing was to be removed", again)

	def test_the_history_is_listed_the_latest_first(self) -> None:
		self.run_command("wuzapi-sessions", *NEW, env={"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN})
		for state, detail in (
			(SessionState.CONNECTED, ""),
			(SessionState.LOGGED_OUT, "removed on the phone"),
		):
			FrappeStore().note_session_change("alpha", SessionChanged(state, detail), AT)
		lines = self.run_command("wuzapi-sessions", "history", "alpha").output.splitlines()
		self.assertEqual([line[20:] for line in lines], ["Logged out: removed on the phone", "Connected"])
		self.assertEqual(lines[0][:19], f"{to_site(AT):%Y-%m-%d %H:%M:%S}")
		output = self.run_command("wuzapi-sessions", "history", "alpha", "--limit", "1", "--json").output
		[told] = json.loads(output)
		self.assertEqual((told["state"], told["words"]), ("logged_out", "Logged out"))
		self.assertEqual(datetime.fromisoformat(told["at"]), AT)
		self.run_command("wuzapi-sessions", "history", "nobody", code=1)

	def test_the_doctor_says_what_is_broken_by_its_code(self) -> None:
		self.run_command("wuzapi-sessions", *NEW, env={"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN})
		unreachable = Reached("no connection")
		with patch("wuzapi_chatwoot.frappe_host.sessions.diagnose._probe", return_value=unreachable):
			result = self.run_command("wuzapi-doctor", "alpha", "--json", code=1)
			text = self.run_command("wuzapi-doctor", "alpha", code=1).output
		[address] = [each for each in json.loads(result.output)["alpha"] if each["step"] == "our address"]
		self.assertEqual(address["verdict"], "broken")
		lines = text.splitlines()
		at = next(number for number, line in enumerate(lines) if "broken   our address: " in line)
		self.assertEqual(lines[at + 1].strip(), address["fix"])
		self.assertTrue(address["fix"])

	def test_dead_events_are_listed_and_replayed(self) -> None:
		self.run_command("wuzapi-sessions", *NEW, env={"GATEWAY_ADMIN_TOKEN": ADMIN_TOKEN})
		dead = add_event("alpha", "dead-command", "dead")
		listed = json.loads(self.run_command("wuzapi-events", "list", "--session", "alpha", "--json").output)
		self.assertEqual([row["name"] for row in listed], [dead])
		self.assertIn(str(dead), self.run_command("wuzapi-events", "list", "--session", "alpha").output)
		self.assertEqual(
			json.loads(self.run_command("wuzapi-events", "replay", str(dead), "--json").output), [dead]
		)

	def test_a_code_is_drawn_square_by_square(self) -> None:
		size = 21
		squares = [[(x < 7 and y < 7) or (x * y) % 3 == 1 for x in range(size)] for y in range(size)]
		squares[0][size - 1] = squares[size - 1][0] = True
		squares[0][7] = False
		picture = Image.new("L", ((size + 8) * 5, (size + 8) * 5), 255)
		for y, row in enumerate(squares):
			for x, dark in enumerate(row):
				if dark:
					picture.paste(0, ((x + 4) * 5, (y + 4) * 5, (x + 5) * 5, (y + 5) * 5))
		file = BytesIO()
		picture.save(file, "PNG")
		url = f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
		drawn = [line[len("\033[30;107m") : -len("\033[0m")] for line in terminal_lines(url)]
		seen = [[mark in half for mark in line] for line in drawn for half in ("▀█", "▄█")]
		self.assertEqual([row[2:-2] for row in seen[2 : 2 + size]], squares)
		with self.assertRaises(ValueError):
			terminal_lines("data:image/png;base64,AAAA")

	def test_the_code_and_its_advice_are_shown(self) -> None:
		seen = dict.fromkeys(("sentence", "advice", "qr", "number"))
		self.assertIn("ABCD-EFGH", module._words_of({**seen, "code": "ABCD-EFGH"}))
		said = {"sentence": "The gateway is connecting.", "advice": "Wait a moment.", "code": None}
		self.assertEqual(module._words_of({**seen, **said}), "The gateway is connecting.\nWait a moment.")
		self.assertIsNone(pairing.seen("nobody")["number"])
