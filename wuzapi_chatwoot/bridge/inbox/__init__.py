"""The durable inbox: webhooks and internal work become stored events; replay and sweep. No call to a gateway or Chatwoot."""
