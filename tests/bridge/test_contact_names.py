"""Names and pictures of contacts: where they come from, which one wins, and when Chatwoot is told."""

from __future__ import annotations

from bridge_world import ANA, BEN, GROUP, OWNER, World

from wuzapi_chatwoot.bridge.model.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import GroupChanged, PictureChanged
from wuzapi_chatwoot.bridge.model.records import ContactRow, EventState, NameSource
from wuzapi_chatwoot.bridge.ports.gateway import Avatar, OutgoingFile
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeContact

FACE = OutgoingFile(b"jpeg", "image/jpeg", "avatar.jpg")


def contact(world: World) -> FakeContact:
	[only] = world.chatwoot.contacts.values()
	return only


def here(world: World) -> ContactRow:
	found = world.store.find_contact("front-desk", [ANA])
	assert found is not None
	return found


def test_the_name_in_the_phones_address_book_is_the_best_one(world: World) -> None:
	world.gateway.saved_names[ANA] = "Ana, bakery"
	world.started()
	world.work()
	assert contact(world).name == "Ana, bakery"
	assert (here(world).name, here(world).name_source) == ("Ana, bakery", NameSource.SAVED)
	world.receive(world.customer("Hi", id="3A01", push_name="Anita"))
	world.work()
	world.work()
	assert contact(world).name == "Ana, bakery"


def test_a_verified_name_is_better_than_the_one_somebody_chose(world: World) -> None:
	world.receive(world.customer(verified_name="Bakery Ltd"))
	world.work()
	world.receive(world.customer("Hi", id="3A02", push_name="Ana"))
	world.work()
	world.work()
	assert (contact(world).name, here(world).name_source) == ("Bakery Ltd", NameSource.VERIFIED)


def test_a_new_push_name_is_carried_over(world: World) -> None:
	world.started()
	world.receive(world.customer("Hi", id="3A01", push_name="Anita"))
	world.work()
	world.work()
	assert (contact(world).name, here(world).name) == ("Anita", "Anita")


def test_a_name_that_somebody_gave_in_chatwoot_stays(world: World) -> None:
	world.started()
	contact(world).name = "Ana (pays late)"
	world.receive(world.customer("Hi", id="3A01", push_name="Anita"))
	world.work()
	world.work()
	assert contact(world).name == "Ana (pays late)"


def test_what_the_owner_writes_names_nobody(world: World) -> None:
	world.receive(world.customer("Hi", sender=OWNER, from_me=True, push_name="Example Shop"))
	world.work()
	world.receive(world.customer("Hi", id="3A02", sender=OWNER, from_me=True, push_name="New Shop"))
	world.work()
	world.work()
	assert contact(world).name == "+44 7700 900123"
	world.receive(world.customer("Hello", id="3A03"))
	world.work()
	world.work()
	assert contact(world).name == "Ana Example"


def test_the_picture_is_copied_once_and_when_it_changes(world: World) -> None:
	world.gateway.avatars[ANA] = Avatar("1", FACE)
	world.started()
	world.work()
	assert (contact(world).avatar, here(world).avatar_id) == (FACE, "1")
	world.receive(PictureChanged(ANA, world.clock.now()), key="same")
	world.work()
	assert world.chatwoot.count("update_contact") == 1
	other = OutgoingFile(b"other", "image/jpeg", "avatar.jpg")
	world.gateway.avatars[ANA] = Avatar("2", other)
	world.receive(PictureChanged(ANA, world.clock.now()), key="changed")
	world.work()
	assert (contact(world).avatar, here(world).avatar_id) == (other, "2")


def test_a_picture_of_somebody_who_never_wrote_is_nothing_to_us(world: World) -> None:
	world.receive(PictureChanged(ANA, world.clock.now()))
	world.work()
	assert world.gateway.count() == world.chatwoot.count() == 0


def test_names_and_pictures_never_hold_up_a_message(world: World) -> None:
	world.gateway.fail_next("avatar", Permanent("not for you"), times=9)
	world.gateway.fail_next("saved_name", Retriable("down"), times=3)
	world.started()
	world.receive(world.customer("Hi", id="3A01"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Hello", "Hi"]
	world.outlast()
	assert world.events(EventState.DEAD) == []


def test_a_name_that_cannot_be_had_is_given_up_without_ado(world: World) -> None:
	world.gateway.fail_next("saved_name", Retriable("error", fault=Fault.REQUEST), times=99)
	world.started()
	world.outlast()
	[event] = world.events(EventState.IGNORED)
	assert (event.kind, event.last_error) == ("refresh contact", "no name and no picture: error")
	assert world.gateway.count("saved_name") == 3


def test_a_renamed_group_is_renamed(world: World) -> None:
	world.gateway.group_names[GROUP] = "Old name"
	world.receive(world.customer("Hi", chat=GROUP, sender=BEN))
	world.work()
	world.receive(GroupChanged(GROUP, "1", world.clock.now(), by=BEN, name="New name"))
	world.work()
	world.work()
	assert contact(world).name == "New name"


def test_by_setting_who_comes_and_goes_is_noted(world: World) -> None:
	world.change_session(group_changes=True)
	world.receive(world.customer("I am Ana", id="0"))
	world.receive(world.customer("Hi", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.receive(GroupChanged(GROUP, "1", world.clock.now(), by=BEN, joined=(ANA,)), key="g1")
	world.receive(GroupChanged(GROUP, "2", world.clock.now(), by=ANA, left=(ANA,)), key="g2")
	world.receive(GroupChanged(GROUP, "2", world.clock.now(), by=ANA, left=(ANA,)), key="told twice")
	world.work()
	assert [(m.text, m.private) for m in world.chatwoot.messages][2:] == [
		("➕ Somebody added Ana Example to the group", True),
		("➖ Ana Example left the group", True),
	]


def test_otherwise_it_is_not(world: World) -> None:
	world.receive(world.customer("Hi", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	world.receive(GroupChanged(GROUP, "1", world.clock.now(), by=BEN, joined=(ANA,)))
	world.work()
	assert len(world.chatwoot.messages) == 1
