"""The Chatwoot connector: an API inbox of Chatwoot, read and written. All of Chatwoot's words end here.

Knows neither the store, nor which sessions there are, nor what speaks WhatsApp on the other side.

- `webhook.py`: `connector`, how Chatwoot's webhooks are proved (`signature.py`) and read (`parse.py`, `parse_*.py`)
- `client.py`: `ChatwootInbox`, the calls, by what they are about in `contact_calls.py`, `conversation_calls.py`,
  `message_calls.py`, `customer_typing.py`; bodies in `compose.py`, answers in `answers.py`
- `calls.py`, `public_calls.py`, `failures.py`: one HTTP call, and the one place where its failure becomes an error of
  the bridge
- `setup.py`: `ChatwootAccount`, inboxes made and changed for a new session; `profile.py`: `ProfileOfToken`, its accounts; `inbox_answers.py`,
  `inbox_rules.py`, `server_time.py`
- `attachments.py`, `targets.py`: fetching files, and which addresses they may come from
"""

from wuzapi_chatwoot.chatwoot.client.calls import new_http
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.chatwoot.setup.profile import ProfileOfToken
from wuzapi_chatwoot.chatwoot.setup.setup import ChatwootAccount
from wuzapi_chatwoot.chatwoot.webhook.connector import connector

__all__ = ["ChatwootAccount", "ChatwootInbox", "ProfileOfToken", "connector", "new_http"]
