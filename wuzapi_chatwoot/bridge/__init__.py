"""The core: what a bridge between WhatsApp and Chatwoot knows and decides.

Pure Python: standard library and phonenumbers. No input or output, no clock, no ids of its own; all of that
comes in through `ports`. Hosts (Frappe, standalone) and connectors (WuzAPI, Chatwoot) depend on this package,
never the other way round.
"""
