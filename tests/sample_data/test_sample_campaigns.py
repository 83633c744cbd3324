"""The sample campaigns fit the sample data."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sample_files import BUSINESSES

from recap.campaign import Campaign
from recap.campaign.load import load_campaign
from recap.campaign.tables import TableFile
from recap.metrics.kinds.archetype import ArchetypeMetric
from recap.metrics.kinds.derived import ComparisonMetric
from recap.metrics.registry import MODELS

EXAMPLES = Path(__file__).parents[2] / "examples"
WITHOUT_NOUN = {"streak", "active_days", "first_event", "last_event", "pair"}
"""Kinds whose sentences count nothing of the campaign's own."""
every_business = pytest.mark.parametrize("business", BUSINESSES)


def load(business: str) -> Campaign:
    return load_campaign(EXAMPLES / business / "campaign.yaml", MODELS)


@every_business
def test_columns_exist(business: str) -> None:
    """Every column a campaign names is in its file, and no column of the file is left unused."""
    campaign = load(business)
    assert campaign.customers is not None
    (source,) = campaign.sources
    time = source.time if isinstance(source.time, str) else source.time.column
    plain = {field if isinstance(field, str) else field.column for field in source.fields.values()} - {None}
    expressions = " ".join(
        field.expression
        for field in source.fields.values()
        if not isinstance(field, str) and field.expression
    )
    columns = columns_of(business, source)
    assert plain | {source.customer, time} <= columns
    assert {
        column for column in columns - plain - {source.customer, time} if column not in expressions
    } == set()
    known = campaign.customers
    named = {known.customer, known.name, known.locale, known.time_zone, known.opt_out} - {None}
    assert named == columns_of(business, known)


def columns_of(business: str, table: TableFile) -> set[str]:
    return set(pq.read_schema(EXAMPLES / business / table.path).names)


@every_business
def test_cards_can_be_told_in_every_language(business: str) -> None:
    """Titles, nouns and names are there in each of the campaign's languages."""
    campaign = load(business)
    assert campaign.languages == ("en", "de")
    for metric in campaign.metrics:
        named = [metric.title]
        if isinstance(metric, ArchetypeMetric):
            named += [rule.name for rule in metric.rules]
        elif isinstance(metric, ComparisonMetric):
            named += [thing.noun for thing in metric.things]
        elif metric.kind not in WITHOUT_NOUN and metric.currency is None:
            named.append(metric.noun)
        for texts in named:
            assert isinstance(texts, dict), metric.id
            assert set(texts) == {"en", "de"}, metric.id


@every_business
def test_decks_can_vary(business: str) -> None:
    """There are more families than a deck has cards, so that customers get different decks."""
    campaign = load(business)
    families = {metric.family for metric in campaign.metrics}
    assert len(families) >= 2 * campaign.selection.cards
    assert None not in families
