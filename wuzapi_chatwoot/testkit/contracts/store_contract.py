"""The contract that every `Store` passes, as a mixin for `unittest`: what `bridge.ports` promises, tried out.

	class TestMyStore(StoreContract, unittest.TestCase):
		def new_store(self) -> Store:
			return MyStore()

		def give_inbox(self, store: Store, session: Session) -> None:
			…

Runs under pytest and under bench; imports neither, nor Frappe or SQLAlchemy. Nothing in it sleeps.
"""

from __future__ import annotations

from wuzapi_chatwoot.testkit.contracts.atomic_contract import AtomicContract
from wuzapi_chatwoot.testkit.contracts.contact_contract import ContactContract
from wuzapi_chatwoot.testkit.contracts.conversation_contract import ConversationContract
from wuzapi_chatwoot.testkit.contracts.event_contract import EventContract
from wuzapi_chatwoot.testkit.contracts.inbox_contract import InboxContract
from wuzapi_chatwoot.testkit.contracts.key_contract import KeyContract
from wuzapi_chatwoot.testkit.contracts.lane_contract import LaneContract
from wuzapi_chatwoot.testkit.contracts.merging.inbox_move_contract import InboxMoveContract
from wuzapi_chatwoot.testkit.contracts.merging.merge_contract import MergeContract
from wuzapi_chatwoot.testkit.contracts.merging.merge_conversation_contract import MergeConversationContract
from wuzapi_chatwoot.testkit.contracts.messages.message_change_contract import MessageChangeContract
from wuzapi_chatwoot.testkit.contracts.messages.message_contract import MessageContract
from wuzapi_chatwoot.testkit.contracts.messages.message_place_contract import MessagePlaceContract
from wuzapi_chatwoot.testkit.contracts.session_contract import SessionContract
from wuzapi_chatwoot.testkit.contracts.turn_contract import TurnContract


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
