"""In-memory twins of the ports, and the contract every `Store` must pass.

Shipped with the app, so that pytest and bench run the same contract. Standard library and the bridge only: no pytest,
no Frappe, no SQLAlchemy. Not for production: nothing here survives the process.
"""
