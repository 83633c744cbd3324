"""Turn a table of customer activity into personal, shareable picture cards."""

__version__ = "0.1.0"
