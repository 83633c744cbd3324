"""The run report: report.html with its contact sheet, a page for each outcome, a box to find a customer."""

from recap.delivery.report.overview import OUTCOME_NAMES, write_report

__all__ = ["OUTCOME_NAMES", "write_report"]
