"""WuzAPI's webhooks and answers as values of the bridge. Never raises."""
