"""Entering documents: what is given, what is known, and what comes of the two. Pure."""
