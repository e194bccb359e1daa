"""The contract that every `Store` passes, as a mixin for `unittest`: what `bridge.ports` promises, tried out.

	class TestMyStore(StoreContract, unittest.TestCase):
		def new_store(self) -> Store:
			return MyStore()

		def give_inbox(self, store: Store, session: Session) -> None:
			…

Runs under pytest and under bench; imports neither, nor Frappe or SQLAlchemy. Nothing in it sleeps.
"""

from __future__ import annotations

from .atomic_contract import AtomicContract
from .contact_contract import ContactContract
from .conversation_contract import ConversationContract
from .event_contract import EventContract
from .inbox_contract import InboxContract
from .inbox_move_contract import InboxMoveContract
from .key_contract import KeyContract
from .lane_contract import LaneContract
from .merge_contract import MergeContract
from .merge_conversation_contract import MergeConversationContract
from .message_change_contract import MessageChangeContract
from .message_contract import MessageContract
from .message_place_contract import MessagePlaceContract
from .session_contract import SessionContract
from .turn_contract import TurnContract


class StoreContract(
	EventContract,
	InboxContract,
	LaneContract,
	KeyContract,
	TurnContract,
	ContactContract,
	MergeContract,
	MergeConversationContract,
	ConversationContract,
	MessageContract,
	MessageChangeContract,
	MessagePlaceContract,
	SessionContract,
	InboxMoveContract,
	AtomicContract,
):
	"""See `ContractCase` for the hooks of stores whose writes are not visible to other threads at once."""
