"""The sales codes of these tests: work that was done, and money that is held back."""

WORK, HELD = "CLAIM", "RETN"
