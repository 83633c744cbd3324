"""Amounts in several currencies converted to one, row by row, as SQL."""

from recap.sources.conversions import PRECISION
from recap.sources.mapping import MappedField
from recap.sources.sql import literal, quote, trimmed

RATES = "staging.rates"
"""The table `currency VARCHAR, rate DECIMAL`; the currency that is converted to is in it, at 1."""


def code(sql: str) -> str:
    """Write SQL for a currency's code as it is looked up: without blanks around it, in capitals."""
    return f"upper({trimmed(f'CAST({sql} AS VARCHAR)')})"


def code_column(field: MappedField) -> str:
    """Name the column that holds the code of a field's currency."""
    return f"recap code {field.name}"


def joined(field: MappedField) -> str:
    """Write the join that finds the rate for a field of `v`."""
    return f" LEFT JOIN {RATES} {_rates(field)} ON {_rates(field)}.currency = v.{quote(code_column(field))}"


def converted(field: MappedField) -> str:
    """Write SQL for a field's value in the one currency: the exact product, halves rounded away from zero.

    NULL where there is no value or no rate, or where the product has more digits than any amount.
    """
    product = f"TRY(v.{quote(field.name)} * {_rates(field)}.rate)"
    return f"TRY_CAST({product} AS DECIMAL({PRECISION},{field.scale}))"


def unconverted(field: MappedField) -> list[tuple[str, str]]:
    """Write when an amount cannot be converted, and why: two expressions each."""
    given, found = f"v.{quote(field.name)} IS NOT NULL", f"v.{quote(code_column(field))}"
    no_rate = literal(f"`money.rates` has no rate for the currency of `{field.name}`, ")
    return [
        (f"{given} AND {found} IS NULL", literal(f"`{field.name}` has no currency in `{field.currency}`")),
        (f"{given} AND {_rates(field)}.rate IS NULL", f"{no_rate} || left({found}, 12)"),
        (
            f"{given} AND {converted(field)} IS NULL",
            literal(f"`{field.name}` is too large a number when converted"),
        ),
    ]


def _rates(field: MappedField) -> str:
    return quote(f"recap rates {field.name}")
