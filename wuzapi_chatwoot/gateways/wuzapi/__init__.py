"""The connector of WuzAPI, a WhatsApp gateway: its HTTP interface and its webhooks in the core's words.

`connector` proves and reads webhooks, `WuzapiGateway` sends; all gateways of a process share one `pooled_http()`.
Words of WuzAPI (`JID`, `Info`, `jsonData`, …) stay inside this package.
"""

from wuzapi_chatwoot.gateways.wuzapi.client.calls import pooled_http
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway
from wuzapi_chatwoot.gateways.wuzapi.webhook.connector import WuzapiConnector, connector

__all__ = ["WuzapiConnector", "WuzapiGateway", "connector", "pooled_http"]
