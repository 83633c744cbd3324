"""What every campaign model is made of: the frozen base, and the names and texts that they share."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SLUG = r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$"
FIELD = r"^[a-z][a-z0-9_]*$"

Slug = Annotated[str, Field(pattern=SLUG, max_length=60, description="lower-case letters, digits, - and _")]
FieldName = Annotated[str, Field(pattern=FIELD, max_length=60)]
LOCALE = r"^[a-z]{2,3}(?:_[A-Z][A-Za-z]{3})?(?:_[A-Z]{2})?$"

Locale = Annotated[str, Field(pattern=LOCALE)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]
Rate = Annotated[Decimal, Field(gt=0, max_digits=30, decimal_places=18)]
FormatName = Literal["story", "portrait", "square", "link"]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=100)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        message = f"there is no time zone {name!r}; use an IANA name such as Europe/Berlin or UTC"
        raise ValueError(message)
    return name


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        message = "write an address such as https://recap.example/2026, without ? and #"
        raise ValueError(message)
    return text.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
"""A folder on the web, kept without a slash at its end."""
TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
Localized = str | dict[Locale, str]
"""One text for every language, or one for each."""
PluralForms = dict[Literal["zero", "one", "two", "few", "many", "other"], str]
"""A noun or sentence by CLDR plural category; `other` must be there."""


class Model(BaseModel):
    """Base of every campaign model: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def refuse_repeated(ids: Iterable[str], message: str) -> None:
    """Raise ValueError where one of some ids is there twice."""
    names = list(ids)
    if len(set(names)) < len(names):
        raise ValueError(message)


class NamesField:
    """Marks a key whose text must be one of the campaign's fields."""


class NamesMetric:
    """Marks a key whose text must be the id of a metric; in a metric, of another one."""


FieldRef = Annotated[str, NamesField()]
MetricRef = Annotated[Slug, NamesMetric()]
