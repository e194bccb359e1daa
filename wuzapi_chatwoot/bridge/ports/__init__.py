"""What the core needs from outside, as protocols: gateway, Chatwoot, their set-up, store, host. Implemented by connectors and hosts."""
