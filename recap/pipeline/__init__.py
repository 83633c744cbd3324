"""The story of a run, and what its commands share: read, compute, choose, draw, deliver."""
