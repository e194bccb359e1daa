"""Send one message to WhatsApp as what it is best: text, place, voice note, sticker, contact card, picture or file.

Every message bears an id that is derived from the first one, so that a repeat shows nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.message_ids import further_id
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.bridge.text.vcards import cards_of

_STICKER, _GIF, _FILM = "image/webp", "image/gif", "video/mp4"
_UNKNOWN = "application/octet-stream"
_CARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
_MOST_CARDS = 20


@dataclass(frozen=True, slots=True)
class Outgoing:
	"""A text, a place, or a file with its caption."""

	text: str = ""
	file: OutgoingFile | None = None
	location: Location | None = None
	voice: bool = False
	"""Sound that nobody wrote a text to: somebody speaks."""


def send_part(
	bridge: Bridge, session: Session, to: Address, id: str, what: Outgoing, reply: Reply | None = None
) -> None:
	gateway = bridge.gateway(session)
	if what.location is not None:
		gateway.send_location(to, what.location, id, reply)
	elif what.file is None:
		gateway.send_text(to, what.text, id, reply)
	else:
		note = _voice_note(bridge, session, what.file) if what.voice else None
		if note is not None:
			gateway.send_voice(to, note, id, reply)
		else:
			file = _moving(bridge, session, what.file)
			_send_file(bridge, session, to, id, file, what.text or None, reply)


def _voice_note(bridge: Bridge, session: Session, file: OutgoingFile) -> VoiceNote | None:
	if not session.voice_notes or bridge.voice_note is None:
		return None
	try:
		return bridge.voice_note(file.content)
	except Permanent as error:
		# Not to be read as sound, whatever it calls itself: it goes as the file it is.
		bridge.observer.notice(
			"a sound could not be made a voice note", session=session.name, error=error.reason
		)
		return None


def _moving(bridge: Bridge, session: Session, file: OutgoingFile) -> OutgoingFile:
	"""WhatsApp shows a GIF as a picture that stands still; what moves there is a film."""
	if bridge.film_of_gif is None or _type_of(file) != _GIF:
		return file
	try:
		film = bridge.film_of_gif(file.content)
	except Permanent as error:
		bridge.observer.notice("a GIF could not be made a film", session=session.name, error=error.reason)
		return file
	if film is None:
		return file
	return OutgoingFile(film, _FILM, f"{file.file_name.rpartition('.')[0] or file.file_name}.mp4")


def _send_file(
	bridge: Bridge,
	session: Session,
	to: Address,
	id: str,
	file: OutgoingFile,
	caption: str | None,
	reply: Reply | None,
) -> None:
	gateway, type = bridge.gateway(session), _type_of(file)
	if type == _STICKER and caption is None:
		sticker = _sticker(bridge, session, file)
		if sticker is not None:
			gateway.send_sticker(to, sticker, id, reply)
		else:
			# Under a type that says nothing: a document is what can be sent of it.
			gateway.send_file(to, replace(file, mime_type=_UNKNOWN), id, None, reply)
		return
	cards = _cards(file) if type in _CARDS or file.file_name.lower().endswith(".vcf") else ()
	if cards:
		for number, card in enumerate(cards):
			gateway.send_contact(to, card, further_id(id, number), reply if number == 0 else None)
		return
	gateway.send_file(to, file, id, caption, reply)


def _sticker(bridge: Bridge, session: Session, file: OutgoingFile) -> OutgoingFile | None:
	"""What calls itself WebP and is another picture is made one here: the gateway needs ffmpeg for that. `None`: it is none."""
	if bridge.sticker_of is None:
		return file
	try:
		return replace(file, content=bridge.sticker_of(file.content))
	except Permanent as error:
		bridge.observer.notice(
			"a picture could not be made a sticker", session=session.name, error=error.reason
		)
		return None


def _type_of(file: OutgoingFile) -> str:
	return file.mime_type.partition(";")[0].strip().lower()


def _cards(file: OutgoingFile) -> tuple[ContactCard, ...]:
	"""Empty if they are better sent as the file they came in: broken, or too many."""
	cards = cards_of(file.content.decode("utf-8", "replace"), limit=_MOST_CARDS + 1)
	return cards if len(cards) <= _MOST_CARDS else ()
