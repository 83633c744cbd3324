"""Policy, wishes and experiments as the campaign file says them, and hidden values in conditions."""

from typing import Any

import pytest

from recap.campaign import build_campaign
from recap.campaign.document import parse_document
from recap.errors import CampaignError
from recap.metrics.registry import MODELS

PLAIN = """\
id: test
title: Test
brand: {name: Test}
period: {year: 2026}
sources:
  path: a.csv
  customer: c
  time: t
  fields: {product: product, shop: shop}
metrics:
  - {id: n, kind: count}
  - {id: favourite, kind: top, by: product, where: "shop <> 'x' -- not there"}
  - {id: first, kind: first_event, label: product}
"""


def build(more: str) -> Any:
    return build_campaign(parse_document(PLAIN + more, "campaign.yaml"), MODELS)


def test_hidden_values_do_not_compete() -> None:
    """They are left out of metrics by their field, and of no other; quotes in them are only text."""
    campaign = build('policy: {sensitive: [{field: product, values: [Hair dye, "Bob\'s"]}]}\n')
    count, favourite, first = campaign.metrics
    label = 'CAST("product" AS VARCHAR)'
    hidden = f"({label} IS NULL OR {label} NOT IN ('Hair dye', 'Bob''s'))"
    assert favourite.where == f"(shop <> 'x' -- not there\n) AND {hidden}"
    assert (count.where, first.where) == (None, None)


@pytest.mark.parametrize(
    ("more", "line", "message"),
    [
        ("policy: {sensitive: [{field: prodct, values: [a]}]}", 14, "did you mean 'product'?"),
        ("policy: {sensitive: [{metric: m}]}", 14, "there is no other metric 'm'"),
        ("policy: {sensitive: [{field: product}]}", 14, "say which values of the field are meant"),
        ("policy: {sensitive: [{values: [a]}]}", 14, "give either `field` and `values`, or `metric`"),
        ("policy: {allow: [alcool]}", 14, "did you mean 'alcohol'?"),
        ("policy: {blocked_words: ['*']}", 14, "a blocked word needs letters"),
        ("policy: {blocked_words: darn}", 14, "this must be a list, as in [darn]"),
        ("policy: {quiet_dates: [{first_day: soon}]}", 14, "a date is written 2026-12-31, not 'soon'"),
        ("languages: [pt-br]", 14, "write it as in en, de_AT or pt_BR"),
        ("wishes: wishes.csv", 14, "this needs keys of its own"),
        ("id: Streak Days", 14, "may hold lower-case letters"),
        (
            "policy: {quiet_dates: [{first_day: 2026-03-02, last_day: 2026-03-01}]}",
            14,
            "`last_day` is before `first_day`",
        ),
        ("experiments: [{id: x, alternatives: [{id: a}]}]", 14, "experiments.0.alternatives"),
        ("experiments: [{id: x, alternatives: [{id: a}, {id: a}]}]", 14, "two alternatives have the same id"),
        ("experiments: [{id: x, alternatives: [{id: a}, {id: b, weights: {n: -1}}]}]", 14, "weights.n"),
        (
            "experiments: [{id: x, alternatives: [{id: a}, {id: b, weights: {fist: 2}}]}]",
            14,
            "did you mean 'first'?",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(more: str, line: int, message: str) -> None:
    """A field, metric, topic or date that means nothing is found in the file."""
    with pytest.raises(CampaignError) as caught:
        build(more + "\n")
    assert message in str(caught.value)
    assert f":{line} " in str(caught.value)
