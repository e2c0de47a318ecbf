"""Ways to talk to the bus."""
