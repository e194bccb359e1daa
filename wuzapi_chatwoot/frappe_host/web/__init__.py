"""HTTP requests of a site: webhooks in, health out."""
