"""The doctor: what travels unencrypted through foreign networks is warned of."""

from __future__ import annotations

import pytest
from bridge.patient_session import Patient
from bridge_world import World

from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict


@pytest.fixture
def patient(world: World) -> Patient:
	return Patient(world)


@pytest.mark.parametrize(
	("url", "host"),
	[
		("http://wuzapi.example.com:8080", "wuzapi.example.com"),
		(" HTTP://Wuzapi.example.com/", "wuzapi.example.com"),
		("http://93.184.216.34:8080", "93.184.216.34"),
		("http://[2606:2800:220:1::1]:8080", "2606:2800:220:1::1"),
	],
)
def test_what_crosses_foreign_networks_unencrypted_is_warned_of(
	patient: Patient, url: str, host: str
) -> None:
	patient.world.change_session(gateway_url=url, chatwoot_url=url)
	found = [each for each in patient.examine() if each.step == "encryption"]
	assert [(each.verdict, each.sentence) for each in found] == [
		(Verdict.WARNING, f"Tokens and messages travel unencrypted between here and {who} at {host}.")
		for who in ("the gateway", "Chatwoot")
	]
	assert found[1].fix.startswith("Write https:// in front of Chatwoot's address")
	# Its name leads inside, as the host has found.
	patient.change_facts(private_hosts=frozenset({host}))
	assert {each.verdict for each in patient.examine() if each.step == "encryption"} == {Verdict.OK}


@pytest.mark.parametrize(
	"host",
	[
		"localhost",
		"wuzapi",
		"127.0.0.1:8080",
		"10.1.2.3",
		"[::1]:80",
		"[fd00::7]",
		"chat.internal",
		"chat.local.",
	],
)
def test_what_stays_inside_may_be_unencrypted(patient: Patient, host: str) -> None:
	patient.world.change_session(gateway_url=f"http://{host}", chatwoot_url=f"http://{host}")
	assert {each.verdict for each in patient.examine() if each.step == "encryption"} == {Verdict.OK}
