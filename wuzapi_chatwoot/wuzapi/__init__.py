"""The connector of WuzAPI, a WhatsApp gateway: its HTTP interface and its webhooks in the core's words.

`connector` proves and reads webhooks, `WuzapiGateway` sends; all gateways of a process share one `pooled_http()`.
Words of WuzAPI (`JID`, `Info`, `jsonData`, …) stay inside this package.
"""

from .calls import pooled_http
from .client import WuzapiGateway
from .webhook import WuzapiConnector, connector

__all__ = ["WuzapiConnector", "WuzapiGateway", "connector", "pooled_http"]
