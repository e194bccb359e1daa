"""Send one message to WhatsApp as what it is best: text, place, voice note, sticker, contact card, picture or file.

Every message bears an id that is derived from the first one, so that a repeat shows nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..addresses import Address
from ..content import ContactCard, Location
from ..errors import Permanent
from ..message_ids import further_id
from ..ports import Bridge, Gateway, OutgoingFile, Reply, VoiceNote
from ..records import Session
from ..vcards import cards_of

_STICKER = "image/webp"
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
			_send_file(gateway, to, id, what.file, what.text or None, reply)


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


def _send_file(
	gateway: Gateway,
	to: Address,
	id: str,
	file: OutgoingFile,
	caption: str | None,
	reply: Reply | None,
) -> None:
	type = file.mime_type.partition(";")[0].strip().lower()
	if type == _STICKER and caption is None:
		gateway.send_sticker(to, file, id, reply)
		return
	cards = _cards(file) if type in _CARDS or file.file_name.lower().endswith(".vcf") else ()
	if cards:
		for number, card in enumerate(cards):
			gateway.send_contact(to, card, further_id(id, number), reply if number == 0 else None)
		return
	gateway.send_file(to, file, id, caption, reply)


def _cards(file: OutgoingFile) -> tuple[ContactCard, ...]:
	"""Empty if they are better sent as the file they came in: broken, or too many."""
	cards = cards_of(file.content.decode("utf-8", "replace"), limit=_MOST_CARDS + 1)
	return cards if len(cards) <= _MOST_CARDS else ()
