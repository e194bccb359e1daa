"""Connections, transactions, tables, migrations of the embedded database."""
