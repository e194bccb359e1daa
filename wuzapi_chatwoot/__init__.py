"""WhatsApp ⇄ Chatwoot ⇄ Frappe CRM: one bridge, two hosts. Holds the version and imports nothing."""

__version__ = "0.1.0"
