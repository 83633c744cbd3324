"""Files and databases become one canonical relation of events, and one of customers."""
