"""How fast, how large: measured, never asserted. Each file says in its first lines how to run it."""
