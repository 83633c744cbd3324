"""The raw rows, read without DuckDB's readers: what files, databases and frames hold, and what it means."""
