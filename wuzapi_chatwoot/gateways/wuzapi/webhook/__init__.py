"""WuzAPI's webhooks on their way in: raw body, envelope, signature."""
