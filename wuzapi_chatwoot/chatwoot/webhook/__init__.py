"""Chatwoot's webhooks on their way in: signature and reading."""
