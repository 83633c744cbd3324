"""The audit: every number recomputed from the raw rows by other means, sharing no code with the SQL."""
