"""What stands before everything else: the lock, and the four questions of a first run."""
