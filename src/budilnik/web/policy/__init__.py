"""The rules of the firm: read, tried on the next morning, put in force as a new version."""
