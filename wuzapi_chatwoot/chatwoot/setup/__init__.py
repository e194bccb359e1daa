"""Setting up Chatwoot: the token's profile, inboxes and their callbacks."""
