"""The metric kinds, a file for each group of them; `recap.metrics.registry` names them all."""
