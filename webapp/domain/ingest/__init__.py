"""Files of other systems: which column is which, what a row says, which rows are one invoice."""
