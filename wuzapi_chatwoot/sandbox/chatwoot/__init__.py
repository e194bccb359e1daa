"""The simulated Chatwoot: one account, its contacts and conversations, the HTTP API, and its callbacks."""
