"""From Chatwoot to WhatsApp: choose the recipient, split into parts, send, revoke, mark as read."""
