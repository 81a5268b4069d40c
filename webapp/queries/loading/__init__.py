"""What the screens show of files that were brought in."""
