"""What the API reads: pages of records, each inside the FinCos of whoever asks."""
