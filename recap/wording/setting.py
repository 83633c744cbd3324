"""What all cards of a deck share: who speaks to whom, about which period, by whose clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from recap.campaign import Campaign
from recap.metrics.facts import Label
from recap.wording.dates import PeriodText, write_city, write_month, write_period
from recap.wording.foreign import clean, is_visible
from recap.wording.lexicon import Lexicon
from recap.wording.locales import in_language


@dataclass(frozen=True, slots=True)
class Setting:
    """The surroundings of a sentence."""

    campaign: Campaign
    lexicon: Lexicon
    period: PeriodText
    in_period: str
    """*in 2026*, *from January to March 2026*, *from October on*; never the beginning of a sentence."""
    in_whole_period: str
    """The same of everyone, also for who joined later: of a total of all, of a moment."""
    clock: str
    """*Berlin time*."""
    foreign: Mapping[str, Label]
    """`brand`, `campaign` (its title) and, where it is known, `name`: text that is not the wording's own."""

    @property
    def names(self) -> tuple[str, ...]:
        """The automatic case that a known name makes."""
        return ("named",) if "name" in self.foreign else ()


def make_setting(
    campaign: Campaign, lexicon: Lexicon, name: str | None, joined: date | None = None
) -> Setting:
    """Gather what a deck's cards share; for who `joined` in a later month, the period begins with that."""
    period = write_period(campaign.period, lexicon.language)
    holes = {"period": period.label, "first": period.first, "last": period.last}
    in_period = in_whole_period = _fill(lexicon, f"in_period.{period.shape}", holes)
    if joined is not None and joined.replace(day=1) > campaign.period.start:
        month = write_month(joined, lexicon.language, year=period.years)
        in_period = lexicon.phrase("in_period.since", month=month)
    foreign = {"brand": Label(campaign.brand.name), "campaign": Label(campaign_title(campaign, lexicon))}
    if name and is_visible(clean(name)):
        foreign["name"] = Label(name)
    return Setting(
        campaign,
        lexicon,
        period,
        in_period,
        in_whole_period,
        _say_clock(campaign, lexicon),
        foreign,
    )


def _fill(lexicon: Lexicon, path: str, holes: Mapping[str, str]) -> str:
    wanted = lexicon.sentence(path).forms["other"].names
    return lexicon.phrase(path, **{hole: holes[hole] for hole in wanted})


def campaign_title(campaign: Campaign, lexicon: Lexicon) -> str:
    """Give the campaign's title in the lexicon's language, else in the campaign's first."""
    title = campaign.title
    if isinstance(title, str):
        return title
    own = in_language(title, lexicon.locale) or in_language(title, campaign.languages[0])
    return own or next(iter(title.values()), campaign.brand.name)


def _say_clock(campaign: Campaign, lexicon: Lexicon) -> str:
    by_customer = campaign.customers is not None and campaign.customers.time_zone is not None
    if campaign.local_time == "customer" and by_customer:
        return lexicon.phrase("clock.customer")
    # Where no zone is given, the times are the data's own, and naming one would claim what nobody said.
    if "time_zone" not in campaign.model_fields_set:
        return lexicon.phrase("clock.recorded")
    return lexicon.phrase("clock.zone", city=write_city(campaign.time_zone, lexicon.language))
