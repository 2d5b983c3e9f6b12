"""Rules on the whole of the code, each shown to fail on a deliberate breach."""
