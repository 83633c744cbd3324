"""Selection: which of a customer's values become cards, and why."""
