"""Connectors of WhatsApp gateways, one package each. They depend on the bridge's ports and on `net`, never on a host."""
