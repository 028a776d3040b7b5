"""A year simulated before it is lived: what is asked, how far it is, what came of it."""
