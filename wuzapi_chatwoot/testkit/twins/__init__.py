"""In-memory twins of gateway, Chatwoot, clock, ids, observer."""
