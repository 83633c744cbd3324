"""From a campaign file to a frozen `Campaign`, or to every problem it has, each with its line."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Union

from pydantic import Field, SerializeAsAny, ValidationError, create_model

from recap.campaign.document import Document, dotted, parse_document
from recap.campaign.document import Path as DocumentPath
from recap.campaign.explain import explain
from recap.campaign.hidden import without_hidden
from recap.campaign.models import Campaign, Metric
from recap.campaign.overrides import apply_override, override_path
from recap.campaign.references import check_references
from recap.campaign.suggest import did_you_mean
from recap.errors import CampaignError, Problem

Kinds = Mapping[str, type[Metric]]


def campaign_model(kinds: Kinds) -> type[Campaign]:
    """Build the campaign's model with the metric kinds it may use."""
    return _campaign_model(tuple(kinds.values()))


@cache
def _campaign_model(models: tuple[type[Metric], ...]) -> type[Campaign]:
    union: Any = Annotated[Union[models], Field(discriminator="kind")]  # noqa: UP007 - made at run time
    metrics: Any = (tuple[SerializeAsAny[union], ...], Field(min_length=1))
    return create_model("Campaign", __base__=Campaign, __doc__=Campaign.__doc__, metrics=metrics)


def campaign_schema(kinds: Kinds) -> dict[str, Any]:
    """Give the JSON Schema of a campaign file, for editors."""
    schema = campaign_model(kinds).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "recap campaign", **schema}


def load_campaign(path: Path, kinds: Kinds, overrides: Sequence[str] = ()) -> Campaign:
    """Read a campaign file and apply `KEY=VALUE` overrides.

    Raises CampaignError with every problem found, in the order of the file.
    """
    return build_campaign(read_document(path), kinds, overrides, file=str(path))


def read_document(path: Path) -> Document:
    """Read and parse a campaign file. Raises CampaignError where there is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near) or "; `recap init DIR` writes one to start from"
        raise CampaignError([Problem(f"there is no such campaign file{hint}", file=str(path))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CampaignError(
            [Problem(f"the campaign file cannot be read: {error}", file=str(path))]
        ) from error
    return parse_document(text, str(path))


def build_campaign(
    document: Document, kinds: Kinds, overrides: Sequence[str] = (), *, file: str = ""
) -> Campaign:
    """Validate a parsed document; `load_campaign` without the reading."""
    data = deepcopy(document.data)
    if not isinstance(data, dict):
        problems = document.problems or (
            Problem("a campaign is a mapping of keys; this holds none", file=file),
        )
        raise CampaignError(problems)
    if not Campaign.model_fields.keys() & {str(key) for key in data}:
        raise CampaignError(
            [Problem("this is no campaign: none of its keys is one of a campaign's", file=file)]
        )
    for text in overrides:
        apply_override(data, text)
    findings = [*_validate(data, kinds), *check_references(data, kinds)]
    found = [place(message, path, document, file, overrides) for path, message in findings]
    if found or document.problems:
        problems = tuple(dict.fromkeys([*document.problems, *found]))
        raise CampaignError(sorted(problems, key=lambda p: (p.line or 0, p.path)))
    return without_hidden(campaign_model(kinds).model_validate(data))


def place(
    message: str, path: DocumentPath, document: Document, file: str, overrides: Sequence[str]
) -> Problem:
    """Say where a problem comes from: the line of the file, or the override that brought it."""
    for text in overrides:
        at = override_path(text)
        if path[: len(at)] == at:
            return Problem(message, dotted(path), f"--set {text}")
    return Problem(message, dotted(path), file, document.line(path))


def _validate(data: dict[str, Any], kinds: Kinds) -> Iterable[tuple[DocumentPath, str]]:
    model = campaign_model(kinds)
    try:
        model.model_validate(data)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            if (finding := explain(details, data, model, kinds)) is not None:
                yield finding
