"""Works lanes: claims events, dispatches each to its use case, fetches what webhooks missed. May import every capability."""
