"""The cue tables, one module per language. They hold phrases only, and know nothing of one another."""
