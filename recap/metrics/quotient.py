"""Exact division in SQL."""

NANO = "1000000000"


def quotient(of: str, by: str) -> str:
    """Write SQL for `of / by` as DECIMAL(38, 9): nine digits after the point, the rest cut off.

    Both may be whole or decimal, with nine digits after the point and 20 before it at most. In floating point
    one third and two sixths of money need not be equal, and ranks would tell ties apart.
    """
    nanos = f"({_nanos(of)} * {NANO}::HUGEINT) // {_nanos(by)}"
    return f"(({nanos})::DECIMAL(38, 0) * 0.000000001::DECIMAL(10, 9))::DECIMAL(38, 9)"


def _nanos(sql: str) -> str:
    return f"(({sql})::DECIMAL(38, 9) * {NANO}::DECIMAL(10, 0))::HUGEINT"
