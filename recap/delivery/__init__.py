"""Tokens, the output folder with its atomic shards, manifest and outcomes, and the run report."""
