"""The store on embedded SQLite: one file for each duty."""
