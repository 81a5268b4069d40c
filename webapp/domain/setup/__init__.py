"""What may be filled in on the set-up screens."""
