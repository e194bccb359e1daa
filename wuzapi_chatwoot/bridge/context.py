"""All ports together: what a host wires once and every use case takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.guards.circuit_breaker import Breakers
from wuzapi_chatwoot.bridge.guards.fault_scope import FaultScope
from wuzapi_chatwoot.bridge.guards.known_signers import KnownSigners
from wuzapi_chatwoot.bridge.guards.memory_budget import MemoryBudget
from wuzapi_chatwoot.bridge.model.records import MessageRow, Secret, Session, Source
from wuzapi_chatwoot.bridge.model.retry import RetrySchedule
from wuzapi_chatwoot.bridge.ports.chatwoot import Chatwoot
from wuzapi_chatwoot.bridge.ports.connector import Connector
from wuzapi_chatwoot.bridge.ports.gateway import FilmMaker, Gateway, OutgoingFile, StickerMaker, VoiceMaker
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewaySetup
from wuzapi_chatwoot.bridge.ports.host import Clock, Files, Ids, Observer
from wuzapi_chatwoot.bridge.ports.store import Store


@dataclass(frozen=True, slots=True)
class Bridge:
	"""All ports together: what a host wires once and every use case takes."""

	store: Store
	files: Files
	clock: Clock
	ids: Ids
	observer: Observer
	breakers: Breakers
	sessions: Callable[[], Mapping[str, Session]]
	gateway: Callable[[Session], Gateway]
	chatwoot: Callable[[Session], Chatwoot]
	connectors: Mapping[Source, Connector]
	message_key: Callable[[], Secret]
	"""Of this installation, always the same: what the WhatsApp ids of our messages are derived with."""
	fault_scope: FaultScope = field(default_factory=FaultScope)
	signers: KnownSigners = field(default_factory=KnownSigners)
	"""Who has signed before, kept as long as the process lives."""
	room: MemoryBudget = field(default_factory=MemoryBudget)
	"""For the large files that are carried at a time."""
	retries: RetrySchedule = field(default_factory=RetrySchedule)
	lease_seconds: float = 180.0
	gateway_setup: Callable[[Session], GatewaySetup] | None = None
	"""How a session's gateway is set up and paired; `None`: this host does not."""
	voice_note: VoiceMaker | None = None
	"""`None`: this host cannot make voice notes; sound goes as it is."""
	film_of_gif: FilmMaker | None = None
	"""`None`: this host cannot make films; a GIF goes as a picture that does not move."""
	sticker_of: StickerMaker | None = None
	"""`None`: stickers go as they are; the gateway converts what is no WebP, if it can."""
	keep_media: Callable[[MessageRow, OutgoingFile], None] = lambda message, file: None
	"""Told of every file of a stored message, in the step that stores it; a repeat must do no harm."""
	caught_up: Callable[[str], bool] = lambda session: True
	"""Has Chatwoot been asked, since the start, for what its webhooks could not bring while we were away?"""
	secret_changes: Callable[[str], bool] = lambda session: False
	"""Does Chatwoot sign, at this moment, with a secret of the session that we do not know yet?"""
	first_time: Callable[[str], bool] = lambda key: True
	"""Was this not told to the operator within a day? From now on it was (`notice_limit.py`)."""
	status_known: set[str] = field(default_factory=set)
	"""Sessions whose connection has been told of at least once; kept so that not every message asks."""
	wake: Callable[[str], None] = lambda lane: None
	"""Hint that a lane has work. May be lost."""
	typing_relay: Callable[[str, Source, str], None] = lambda session, source, payload: None
	"""Hand on what is worth showing at once or not at all (typing), for `relay_typing`. May be lost."""
