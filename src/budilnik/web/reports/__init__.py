"""Reports over the base and its people: pages for the head and the director."""
