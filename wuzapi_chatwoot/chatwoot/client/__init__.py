"""Calls to Chatwoot: contacts, conversations, messages, typing, and what their failures mean."""
