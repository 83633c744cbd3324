"""Taking a customer out: of later runs, of links, and of everything a run has left."""
