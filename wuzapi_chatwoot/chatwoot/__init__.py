"""The Chatwoot connector: an API inbox of Chatwoot, read and written. All of Chatwoot's words end here.

Knows neither the store, nor which sessions there are, nor what speaks WhatsApp on the other side.

- `webhook/`: `connector`, how Chatwoot's webhooks are verified and read
- `parse/`: webhooks and answers as values
- `client/`: `ChatwootInbox`, the calls, and the one place where a failed call becomes an error of the bridge
- `setup/`: `ChatwootAccount`, inboxes made and changed for a new session; `ProfileOfToken`, its accounts
- `files/`: fetching files, and which addresses they may come from
"""

from wuzapi_chatwoot.chatwoot.client.calls import new_http
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.chatwoot.setup.profile import ProfileOfToken
from wuzapi_chatwoot.chatwoot.setup.setup import ChatwootAccount
from wuzapi_chatwoot.chatwoot.webhook.connector import connector

__all__ = ["ChatwootAccount", "ChatwootInbox", "ProfileOfToken", "connector", "new_http"]
