"""The tone asked about every value, vectorised over the labels there are."""

from collections.abc import Sequence

import polars as pl

from recap.metrics.results import BETWEEN_LABELS
from recap.selection.rules import Rule
from recap.selection.tone import Tone

LATE = "late_night"
SMALL_HOURS = frozenset({"0", "1", "2", "3", "4", "night"})


def judge_tone(values: pl.DataFrame, rules: Sequence[Rule], tone: Tone) -> pl.DataFrame:
    """Add `silent` (a reason, or null), `neutral` and `uncompared` to values that have `quiet`."""
    schema = {
        "metric": pl.String,
        "text": pl.String,
        "silent": pl.String,
        "neutral": pl.Boolean,
        "uncompared": pl.Boolean,
    }
    by_metric = {rule.metric: (rule, tone.treatment(rule.rests_on)) for rule in rules}
    pairs = values.select("metric", "text").unique()
    found = [_judge(*by_metric[metric], text, tone) for metric, text in pairs.iter_rows()]
    tones = pl.DataFrame([entry for entry in found if entry is not None], schema=schema, orient="row")
    judged = values.join(tones, on=["metric", "text"], how="left", nulls_equal=True)
    quiet = pl.when("quiet").then(pl.lit("policy: it names a day that is to be left in peace"))
    return judged.with_columns(
        pl.coalesce("silent", quiet).alias("silent"),
        pl.col("neutral").fill_null(False),
        pl.col("uncompared").fill_null(False),
    )


def _judge(
    rule: Rule, treat: str | None, text: str | None, tone: Tone
) -> tuple[str, str | None, str | None, bool, bool] | None:
    silent = "policy: it tells of a sensitive metric" if treat == "hide" else None
    neutral = treat == "neutral"
    uncompared = treat in {"neutral", "uncompared"}
    labels = text.split(BETWEEN_LABELS) if text is not None else []
    if rule.tells_hours and SMALL_HOURS.intersection(labels) and LATE not in tone.policy.allow:
        silent = silent or "policy: it speaks of the small hours, which the campaign does not allow"
    if not rule.tells_time:
        for label in labels:
            silent = silent or tone.why_silent(label, rule.names)
            neutral = neutral or tone.is_neutral(label, rule.names)
            uncompared = uncompared or neutral or tone.is_uncompared(label, rule.names)
    if silent is None and not neutral and not uncompared:
        return None
    return rule.metric, text, silent, neutral, uncompared
