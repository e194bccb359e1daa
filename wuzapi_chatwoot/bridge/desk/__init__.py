"""What people do in the host's own desk: send, react, show it in Chatwoot."""
