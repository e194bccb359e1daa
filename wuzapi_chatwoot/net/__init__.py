"""HTTP shared by the connectors: connection pool, TLS troubles, which addresses may be called. Knows neither WuzAPI nor Chatwoot."""
