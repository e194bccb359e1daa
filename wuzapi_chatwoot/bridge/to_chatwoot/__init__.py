"""From WhatsApp to Chatwoot: compose, deliver, change and track messages."""
