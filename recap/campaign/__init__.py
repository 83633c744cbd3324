"""The campaign file: YAML in, frozen models out, every problem with its line."""

from recap.campaign.base import FieldRef, MetricRef
from recap.campaign.document import Document, parse_path
from recap.campaign.load import build_campaign, campaign_schema, load_campaign, place, read_document
from recap.campaign.models import Campaign, Metric
from recap.campaign.period import Period
from recap.campaign.suggest import did_you_mean

__all__ = [
    "Campaign",
    "Document",
    "FieldRef",
    "Metric",
    "MetricRef",
    "Period",
    "build_campaign",
    "campaign_schema",
    "did_you_mean",
    "load_campaign",
    "parse_path",
    "place",
    "read_document",
]
