"""Metrics: from canonical events to one exact value for every customer and metric, with its rank."""
