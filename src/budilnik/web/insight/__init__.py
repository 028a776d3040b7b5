"""What insight says of the base as a whole: pages for the head and the director."""
