"""What the set-up screens show."""
