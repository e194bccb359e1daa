"""Setting up WuzAPI: users, webhooks, signing keys, pairing. Sends no message."""
