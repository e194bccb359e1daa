"""Values: addresses, phones, content, events, records, errors, retries. No ports, no decisions about calls. Everything may import it."""
