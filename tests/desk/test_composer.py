"""What can be sent besides text: files, places, sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from desk_page import ADDRESS, arrives, open_thread
from playwright.sync_api import Page, Route, expect


@pytest.fixture
def uploads(page: Page) -> list[str]:
	"""What was given to Frappe to keep: the bodies."""
	seen: list[str] = []

	def keep(route: Route) -> None:
		body = (route.request.post_data_buffer or b"").decode("latin-1")
		assert route.request.headers["x-frappe-csrf-token"] == "token"
		seen.append(body)
		name = body.split('filename="')[1].split('"')[0]
		route.fulfill(
			content_type="application/json",
			body=json.dumps({"message": {"name": f"FILE-{len(seen)}", "file_name": name}}),
		)

	page.route(f"{ADDRESS}/api/method/upload_file", keep)
	return seen


def sent(page: Page) -> list[dict[str, Any]]:
	"""Without the ids, which are random."""
	return page.evaluate("server.sent.map(({ id, ...given }) => given)")


def place_dialog(page: Page) -> None:
	page.get_by_role("button", name="Send a location").click()


def fill(page: Page, **fields: str) -> None:
	for name, value in fields.items():
		page.locator(f".modal [name={name}]").fill(value)


def test_a_file_goes_with_the_text_and_the_answer(page: Page) -> None:
	open_thread(page, 1)
	page.locator(".wuzapi-answer").click(force=True)
	page.get_by_role("button", name="Attach a file").click()
	page.get_by_role("button", name="Attach a file").click()
	page.locator(".wuzapi-input").fill("Our offer")
	page.keyboard.press("Enter")
	page.wait_for_function("server.sent.length === 2")
	assert sent(page) == [
		{"conversation": 1, "text": "Our offer", "file": "FILE-1", "reply_to": 1},
		{"conversation": 1, "text": "", "file": "FILE-1"},
	]


def test_a_place_is_sent_and_what_is_typed_stays(page: Page) -> None:
	open_thread(page, 1)
	page.locator(".wuzapi-answer").click(force=True)
	page.locator(".wuzapi-input").fill("half an ans")
	place_dialog(page)
	fill(page, latitude="51,5", longitude=" -0.25 ", place="Wheel")
	page.locator(".modal .primary").click()
	expect(page.locator(".modal")).to_have_count(0)
	assert sent(page) == [
		{"conversation": 1, "latitude": 51.5, "longitude": -0.25, "place": "Wheel", "reply_to": 1}
	]
	expect(page.locator(".wuzapi-input")).to_have_value("half an ans")
	expect(page.locator(".wuzapi-answered")).to_be_empty()


@pytest.mark.parametrize("wrong", [("north", "1"), ("91", "1"), ("1", "-181"), ("", "1")])
def test_a_place_that_cannot_be_is_corrected(page: Page, wrong: tuple[str, str]) -> None:
	open_thread(page, 0)
	place_dialog(page)
	fill(page, latitude=wrong[0], longitude=wrong[1])
	page.locator(".modal .primary").click()
	page.wait_for_function("server.alerts.length === 1")
	fill(page, latitude="1", longitude="1")
	page.locator(".modal .primary").click()
	expect(page.locator(".modal")).to_have_count(0)
	page.wait_for_function("server.sent.length === 1")
	assert sent(page) == [{"conversation": 1, "latitude": 1, "longitude": 1, "place": ""}]


@pytest.mark.parametrize(
	("link", "filled"),
	[
		("https://maps.google.com/?q=51.5,-0.25", ["51.5", "-0.25", "Example Wheel"]),
		("51.5033, -0.1196", ["51.5033", "-0.1196", ""]),
		("https://maps.app.goo.gl/Fictional", ["", "", ""]),
	],
)
def test_a_map_link_fills_the_place_in(page: Page, link: str, filled: list[str]) -> None:
	open_thread(page, 0)
	place_dialog(page)
	fill(page, link=link)
	page.locator(".modal [name=link]").blur()
	if filled[0]:
		expect(page.locator(".modal [name=latitude]")).to_have_value(filled[0])
	else:
		page.wait_for_function("server.alerts.length === 1")
	fields = ("latitude", "longitude", "place")
	assert [page.locator(f".modal [name={name}]").input_value() for name in fields] == filled


def test_the_own_position_fills_the_place_in(page: Page) -> None:
	page.evaluate(
		"""() => {
			navigator.geolocation.getCurrentPosition = (found) =>
				found({ coords: { latitude: 51.50331234, longitude: -0.11961234 } });
		}"""
	)
	open_thread(page, 0)
	place_dialog(page)
	page.locator(".modal [name=here]").click()
	expect(page.locator(".modal [name=latitude]")).to_have_value("51.503312")
	expect(page.locator(".modal [name=longitude]")).to_have_value("-0.119612")


def test_where_nothing_can_be_recorded_a_sound_file_is_chosen(page: Page, uploads: list[str]) -> None:
	# A page that did not come safely has no microphone.
	assert page.evaluate("navigator.mediaDevices") is None
	open_thread(page, 0)
	with page.expect_file_chooser() as chooser:
		page.get_by_role("button", name="Record a voice message").click()
	chooser.value.set_files({"name": "memo.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3 fictional"})
	expect(page.locator(".wuzapi-chip")).to_have_text("memo.mp3")
	assert 'name="is_private"\r\n\r\n1' in uploads[0]
	page.locator(".wuzapi-send").click()
	page.wait_for_function("server.sent.length === 1")
	assert sent(page) == [{"conversation": 1, "text": "", "file": "FILE-1"}]


def test_a_recording_that_could_not_be_stored_is_kept_and_stored_again(
	page: Page, uploads: list[str]
) -> None:
	troubles = iter([403])

	def refuse_once(route: Route) -> None:
		status = next(troubles, None)
		route.fulfill(status=status) if status else route.fallback()

	page.route(f"{ADDRESS}/api/method/upload_file", refuse_once)
	open_thread(page, 0)
	with page.expect_file_chooser() as chooser:
		page.locator(".wuzapi-record").click()
	chooser.value.set_files({"name": "memo.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3"})
	expect(page.locator(".wuzapi-chip-failed")).to_contain_text("Could not be stored")
	expect(page.locator(".wuzapi-send")).to_be_disabled()
	page.locator(".wuzapi-chip-retry").click()
	expect(page.locator(".wuzapi-send")).to_be_enabled()
	page.locator(".wuzapi-send").click()
	page.wait_for_function("server.sent.length === 1")
	assert sent(page) == [{"conversation": 1, "text": "", "file": "FILE-1"}]
	assert len(uploads) == 1


MICROPHONE = Path(__file__).with_name("fake_microphone.js").read_text("utf-8")


def test_a_voice_message_is_recorded(page: Page, uploads: list[str]) -> None:
	page.add_script_tag(content=MICROPHONE)
	open_thread(page, 0)
	arrives(page, text="Please tell me")
	page.locator(".wuzapi-record").click()
	expect(page.locator(".wuzapi-recorded")).to_have_text("0:00")
	expect(page.locator(".wuzapi-input")).to_be_hidden()
	expect(page.get_by_role("button", name="Keep the recording")).to_be_focused()
	page.keyboard.press("Enter")
	expect(page.locator(".wuzapi-input")).to_be_visible()
	expect(page.locator(".wuzapi-chip")).to_contain_text("voice-")
	expect(page.locator(".wuzapi-chip")).to_contain_text(".weba")
	assert "what was said" in uploads[0]
	assert page.evaluate("microphone.stopped") == 1


def test_a_recording_is_discarded(page: Page, uploads: list[str]) -> None:
	page.add_script_tag(content=MICROPHONE)
	open_thread(page, 0)
	page.locator(".wuzapi-record").click()
	page.get_by_role("button", name="Discard the recording").click()
	expect(page.locator(".wuzapi-input")).to_be_visible()
	assert page.evaluate("microphone.stopped") == 1
	assert uploads == []


def test_a_recording_belongs_to_the_conversation_in_which_it_was_begun(
	page: Page, uploads: list[str]
) -> None:
	page.add_script_tag(content=MICROPHONE)
	open_thread(page, 0)
	page.locator(".wuzapi-record").click()
	expect(page.locator(".wuzapi-recorded")).to_be_visible()
	page.evaluate("thread.composer.show(2)")
	expect(page.locator(".wuzapi-input")).to_be_visible()
	page.wait_for_function("thread.composer.draft_of(1).files.length === 1")
	expect(page.locator(".wuzapi-chip")).to_have_count(0)
	page.evaluate("thread.composer.show(1)")
	expect(page.locator(".wuzapi-chip")).to_have_count(1)


def test_who_refuses_the_microphone_chooses_a_file(page: Page) -> None:
	page.add_script_tag(content=MICROPHONE)
	page.evaluate("microphone.refused = true")
	open_thread(page, 0)
	with page.expect_file_chooser():
		page.locator(".wuzapi-record").click()
