"""Cards that do not tell the same fact twice: how much one takes from another, and the greedy choice.

A highlight is chosen, and what tells much of the same is worth less beside it: score x (1 - r^4), r being
the rank correlation of their evidence over the customers, x 0.7 where the card has the same form, x 0 in the
same family or with the same total. This is maximal marginal relevance (J. Carbonell, J. Goldstein 1998,
SIGIR) with a product in the place of a difference, so that scores of any size are treated alike.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from recap.selection.rules import Rule

SAME_FORM = 0.7
LEAST_PAIRS = 50
"""Over fewer customers a correlation is none."""
PINNED = 1e6

Factors = Mapping[tuple[str, str], float]
"""What remains of the first metric's score beside the second."""


def measure_factors(judged: pl.DataFrame, rules: Sequence[Rule]) -> Factors:
    """Say for each pair of metrics what remains of one beside the other.

    `judged` is what `weigh` gives for some thousand customers, who stand for all.
    """
    correlations = _correlate(judged, [rule.metric for rule in rules])
    return {
        (one.metric, other.metric): _remains(one, other, correlations) for one in rules for other in rules
    }


def _remains(one: Rule, other: Rule, correlations: Mapping[frozenset[str], float]) -> float:
    if one.family == other.family or (one.total is not None and one.total == other.total):
        return 0.0
    same = correlations.get(frozenset((one.metric, other.metric)), 0.0)
    return (1 - same**4) * (SAME_FORM if one.form == other.form else 1.0)


def _correlate(judged: pl.DataFrame, metrics: Sequence[str]) -> Mapping[frozenset[str], float]:
    """Measure the positive rank correlations of the evidence."""
    known = judged.filter("known").select("customer_id", "metric", "evidence")
    wide = known.pivot("metric", index="customer_id", values="evidence")
    there = [metric for metric in metrics if metric in wide.columns]
    found: dict[frozenset[str], float] = {}
    for index, one in enumerate(there):
        for other in there[index + 1 :]:
            both = wide.select(one, other).drop_nulls()
            if both.height < LEAST_PAIRS:
                continue
            value = both.select(pl.corr(one, other, method="spearman")).item()
            # Where all are alike there is no correlation, but NaN.
            found[frozenset((one, other))] = max(0.0, value) if value == value else 0.0  # noqa: PLR0124
    return found


def pick(eligible: pl.DataFrame, rules: Sequence[Rule], factors: Factors, cards: int) -> pl.DataFrame:
    """Choose for each customer, one after another, what is worth most beside what is chosen already.

    `eligible`: `customer_id`, `metric`, `score`, `limit` (cards at most), `pinned` Boolean. Returns
    `customer_id`, `metric`, `place` (1-based, in the order of choice). Of equal ones the earlier in the
    campaign is taken; what is pinned comes first, and only a pinned one of the same family keeps it out.
    """
    worth = pl.col("score") + pl.when("pinned").then(PINNED).otherwise(0.0)
    wide = eligible.select("customer_id", "metric", "limit", worth.alias("worth")).pivot(
        "metric", index=["customer_id", "limit"], values="worth"
    )
    metrics = [rule.metric for rule in rules if rule.metric in wide.columns]
    state = wide.select("customer_id", "limit", *(pl.col(name).fill_null(0.0) for name in metrics))
    names = dict(enumerate(metrics))
    told: list[pl.DataFrame] = []
    for place in range(1, cards + 1 if metrics else 1):
        best = pl.concat_list(metrics)
        state = state.with_columns(best.list.arg_max().alias("best"), best.list.max().alias("most"))
        state = state.filter((pl.col("most") > 0) & (pl.col("limit") >= place))
        if state.is_empty():
            break
        told.append(
            state.select(
                "customer_id",
                pl.col("best").replace_strict(names, return_dtype=pl.String).alias("metric"),
                pl.lit(place, pl.Int64).alias("place"),
            )
        )
        state = state.with_columns(
            (
                pl.col(name)
                * pl.col("best").replace_strict(
                    {index: _factor(factors, name, other) for index, other in enumerate(metrics)},
                    return_dtype=pl.Float64,
                )
            ).alias(name)
            for name in metrics
        )
    schema = {"customer_id": pl.String, "metric": pl.String, "place": pl.Int64}
    return pl.concat(told) if told else pl.DataFrame(schema=schema)


def _factor(factors: Factors, one: str, other: str) -> float:
    return 0.0 if one == other else factors[one, other]
