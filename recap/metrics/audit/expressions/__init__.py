"""What an author wrote in SQL, understood without DuckDB: syntax, types, and the same thing in Polars."""
