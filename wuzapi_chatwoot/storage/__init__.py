"""How records stand in columns, for every store. Knows no table and no database."""
