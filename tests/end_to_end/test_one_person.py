"""One person is one contact: under every address and spelling, with the best name known and the picture of today.

And what somebody deletes in Chatwoot is there again with the next message.
"""

import base64
from itertools import count

import pytest
import requests
from end_to_end.scene import Scene, as_seen, seen
from processes import Installation, until

from wuzapi_chatwoot.sandbox import defaults, pictures

LIDS = count(777700007770000)
# In the phone's address book when the bridge starts, which may keep the book for some minutes.
SAVED = {"customer": "447700904001", "name": "Cara", "saved_name": "Cara of the bakery"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("one-person"), "--seed", "5") as installation:
		bridge = installation.new_bridge(settle_seconds=0.05, fetch_seconds=3600)
		installation.sandbox.control("phone/send", {"kind": "profile", **SAVED})
		bridge.start()
		yield installation
		assert installation.bridge.faults() == []


@pytest.fixture
def person(scene):
	"""Somebody with a phone number and a LID, who writes by phone at first; the pair is not told."""
	return _person(scene, scene.customer)


def _person(scene, phone):
	lid = str(next(LIDS))
	person = Scene(scene.sandbox, scene.bridge, phone, also=(lid,))
	_becomes(person, phone=phone)
	return person


def _becomes(person, **profile):
	person.sandbox.control("phone/send", {"customer": person.customer, "kind": "profile", **profile})


def _goes_by_lid(person, *, number_known):
	_becomes(person, lid=person.also[0], by_lid=True, number_known=number_known)


def _api(person, method, path, **body):
	"""Chatwoot's own API, as its dashboard uses it."""
	settings = person.sandbox.control("settings")
	answer = requests.request(
		method,
		f"{person.sandbox.chatwoot}/api/v1/accounts/{settings['CHATWOOT_ACCOUNT_ID']}/{path}",
		json=body or None,
		headers={"api-access-token": settings["CHATWOOT_API_KEY"]},
		timeout=10,
	)
	assert answer.status_code == 200, answer.text
	return answer.json()


def _texts(conversation):
	"""Without notes, and without what Chatwoot says itself of the conversation."""
	written = [each for each in conversation["messages"] if each["message_type"] != "activity"]
	return [message["content"] for message in written if not message["private"]]


# ---- addresses


def test_two_contacts_become_one_when_the_pair_is_told(person):
	first = person.starts("By phone")["id"]
	_goes_by_lid(person, number_known=False)
	person.starts("By LID")
	assert len({each["contact"]["id"] for each in person.conversations}) == 2
	_becomes(person, number_known=True)
	last = person.customer_sends("Both are me")
	person.arrived(last)
	one, other = person.conversations
	assert one["contact"] == other["contact"]
	assert one["contact"]["phone_number"] == f"+{person.customer}"
	assert (_texts(one), _texts(other)) == (["By phone", "Both are me"], ["By LID"])
	assert (one["status"], other["status"]) == ("open", "resolved")
	[note] = [message for message in other["messages"] if message["private"]]
	assert f"#{one['id']}" in note["content"]
	answer = person.sandbox.control(
		"agent/send", {"conversation_id": one["id"], "text": "Welcome back", "in_reply_to": first}
	)
	[bubble] = person.answered()
	assert (bubble["text"], bubble["quoted"]["text"]) == ("Welcome back", "By phone")
	person.until_shown_as(answer["message_id"], "delivered")


def test_an_agents_answer_in_the_conversation_that_ended_still_arrives(person):
	person.starts("By phone")
	_goes_by_lid(person, number_known=False)
	person.starts("By LID")
	_becomes(person, number_known=True)
	person.arrived(person.customer_sends("Both are me"))
	other = person.conversations[1]["id"]
	person.sandbox.control("agent/send", {"conversation_id": other, "text": "Here, too"})
	[bubble] = person.answered()
	assert bubble["text"] == "Here, too"


def test_answers_go_to_the_address_last_used(scene):
	"""This number cannot be sent to, so only the LID leads to this person."""
	person = _person(scene, defaults.UNREACHABLE_PHONE)
	person.starts("By phone")
	_goes_by_lid(person, number_known=True)
	person.arrived(person.customer_sends("By LID"))
	[conversation] = person.conversations
	assert _texts(conversation) == ["By phone", "By LID"]
	message_id = person.agent_sends("To the LID")
	person.until_shown_as(message_id, "delivered")
	_becomes(person, by_lid=False)
	person.arrived(person.customer_sends("By phone again"))
	message_id = person.agent_sends("To the number")
	failed = person.until_shown_as(message_id, "failed")
	assert "WhatsApp does not know this number" in failed["external_error"]


def test_the_digits_of_a_lid_are_no_number(person):
	_goes_by_lid(person, number_known=False)
	person.starts("Guess who")
	assert person.contact["phone_number"] is None
	assert person.contact["identifier"] == f"{person.also[0]}@lid"
	assert person.contact["name"] == f"Customer {person.customer[-6:]}"
	_becomes(person, number_known=True)
	person.arrived(person.customer_sends("It is me"))
	until(lambda: person.contact["phone_number"] == f"+{person.customer}", "the number is told")
	assert len(person.conversations) == 1


def test_a_number_that_chatwoot_knows_already_is_the_same_person(person):
	"""Somebody typed the contact in, before WhatsApp told whose number is behind the LID."""
	_goes_by_lid(person, number_known=False)
	person.starts("Guess who")
	typed = _api(
		person, "POST", "contacts", name="Cara by hand", phone_number=f"+{person.customer}", inbox_id=0
	)["payload"]["contact"]
	_becomes(person, number_known=True)
	person.arrived(person.customer_sends("It is me"))
	until(lambda: person.contact["id"] == typed["id"], "they are one contact")
	assert (person.contact["name"], person.contact["phone_number"]) == ("Cara by hand", f"+{person.customer}")
	person.agent_sends("Now I know")
	person.answered()
	person.arrived(person.customer_sends("Good"))
	assert len(person.conversations) == 1


@pytest.mark.parametrize(
	("known", "written"), [("5511987650001", "551187650001"), ("551187650002", "5511987650002")]
)
def test_both_spellings_of_a_brazilian_number_are_one_contact(scene, known, written):
	person = Scene(scene.sandbox, scene.bridge, known, also=(written,))
	person.agent_does("start", name="By hand", text="Your order is ready")
	person.answered()
	Scene(scene.sandbox, scene.bridge, written).customer_sends("Thank you")
	person.in_chatwoot(lambda message: message["content"] == "Thank you")
	[conversation] = person.conversations
	assert conversation["contact"]["phone_number"] == f"+{known}"


# ---- names and pictures


def test_the_name_follows_the_person_and_the_address_book(person):
	person.starts()
	for profile, name in (
		({"name": "Cara"}, "Cara"),
		({"verified_name": "Cara's Cakes"}, "Cara's Cakes"),
		({"name": "Somebody else"}, "Cara's Cakes"),
	):
		_becomes(person, **profile)
		person.arrived(person.customer_sends("Me again"))
		until(lambda name=name: person.contact["name"] == name, f"the contact is called {name}")


def test_the_name_in_the_address_book_goes_first(scene):
	saved = Scene(scene.sandbox, scene.bridge, SAVED["customer"])
	saved.starts()
	until(lambda: saved.contact["name"] == SAVED["saved_name"], "the name is looked up")
	_becomes(saved, name="Somebody else")
	saved.arrived(saved.customer_sends("Me again"))
	until(lambda: _settled(saved), "the look-up is through")
	assert saved.contact["name"] == SAVED["saved_name"]


def test_the_owners_name_is_never_the_customers(person):
	person.arrived(person.customer_sends("Good morning, your order is ready", from_me=True))
	assert person.contact["name"] not in (defaults.OWN_NAME, "")
	person.arrived(person.customer_sends("Thank you"))
	until(lambda: person.contact["name"] == f"Customer {person.customer[-6:]}", "the own name is known now")


def test_a_name_that_an_agent_gave_stays(person):
	person.starts()
	_api(person, "PUT", f"contacts/{person.contact['id']}", name="The one with the dog")
	_becomes(person, name="Cara")
	person.arrived(person.customer_sends("Me again"))
	until(lambda: _settled(person), "the look-up is through")
	assert person.contact["name"] == "The one with the dog"


def _settled(person):
	return not person.bridge.get("/lanes")["lanes"]


def _picture(person, number):
	data = pictures.photo(number)
	person.customer_sends(
		kind="picture", name="me.jpg", data=base64.b64encode(data).decode(), mimetype="image/jpeg"
	)
	return data


def _avatar(person):
	contact = _api(person, "GET", f"contacts/{person.contact['id']}")["payload"]
	return requests.get(contact["thumbnail"], timeout=10).content if contact["thumbnail"] else None


def test_the_picture_is_copied_once_and_when_it_changes(person):
	first = _picture(person, 1)
	person.starts()
	until(lambda: _avatar(person) == first, "the picture is in Chatwoot")
	shown = person.contact["avatar"]
	person.arrived(person.customer_sends("Me again"))
	until(lambda: _settled(person), "everything is through")
	assert person.contact["avatar"] == shown, "it is not copied a second time"
	second = _picture(person, 2)
	until(lambda: _avatar(person) == second, "the new picture is in Chatwoot")
	assert first != second


# ---- what is deleted in Chatwoot


@pytest.mark.parametrize("act", ["delete_conversation", "delete_contact"])
def test_what_is_deleted_in_chatwoot_is_there_again_with_the_next_message(person, act):
	person.starts("Good morning")
	contact, number = person.contact["id"], person.conversations[0]["id"]
	person.agent_does(act)
	assert person.conversations == []
	again = person.arrived(person.customer_sends("Still there?"))
	assert as_seen(again) == seen("Still there?")
	[conversation] = person.conversations
	assert conversation["id"] != number
	assert (conversation["contact"]["id"] == contact) == (act == "delete_conversation")
	person.agent_sends("Yes")
	[bubble] = person.answered()
	assert bubble["text"] == "Yes"
	person.arrived(person.customer_sends("Good"))
	assert len(person.conversations) == 1


def test_contacts_merged_by_an_agent_stay_one(scene, person):
	other = Scene(scene.sandbox, scene.bridge, f"44770090{person.customer[-4:]}")
	person.starts("From my phone")
	other.starts("From my other phone")
	base, mergee = person.contact["id"], other.contact["id"]
	scene.sandbox.control("agent/merge", {"base_contact_id": base, "mergee_contact_id": mergee})
	other.sandbox.control("phone/send", {"customer": other.customer, "text": "Still me"})
	merged = Scene(scene.sandbox, scene.bridge, person.customer)
	merged.in_chatwoot(lambda message: message["content"] == "Still me")
	assert {each["contact"]["id"] for each in merged.conversations} == {base}
