"""The table for the team's mail tool: a row a customer whose page is published."""

EXPORTS = "exports"
"""The folder of the tables, inside the output folder unless told otherwise."""
