"""The use cases: every fact that can touch an open task or a promise enters here."""
