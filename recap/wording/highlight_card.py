"""The card of one highlight: what a metric's value says to the customer it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recap.campaign import Metric
from recap.errors import TemplateError
from recap.metrics.facts import (
    Day,
    DayPart,
    Days,
    Entry,
    Fact,
    Facts,
    Hour,
    Label,
    Moment,
    Month,
    Quantity,
    Ratio,
    Weekday,
)
from recap.selection.deck import Highlight
from recap.wording.alt_text import list_items, name_hero, name_item, sign, write_alt_text
from recap.wording.calendar import add_up_months, lay_out_weeks
from recap.wording.card import Bar, Card, Line, Row
from recap.wording.catalogue import KINDS
from recap.wording.dates import short_day, short_hour, short_month, short_weekday, write_stretch
from recap.wording.foreign import clean, isolate
from recap.wording.locales import capitalize, first_weekday, in_language
from recap.wording.measure import measure_of, say_number
from recap.wording.numerals import write_percent
from recap.wording.question import QUESTION, ask, find_options
from recap.wording.setting import Setting
from recap.wording.speaker import Speaker, has_time

_WHOLE_PERIOD = frozenset({"community", "standing", "first_event", "last_event", "tenure", "milestone"})
"""Kinds that tell of everyone's time, or of a moment: of these, *from October on* would be untrue."""


@dataclass(frozen=True, slots=True)
class Told:
    """A highlight in words, and its line in the summary."""

    card: Card
    line: Line
    big: str
    """Hero and unit, as the alternative text says them."""


def tell_highlight(
    index: int, metric: Metric, highlight: Highlight, facts: Facts, setting: Setting, *, asking: bool = True
) -> Told:
    """Put a highlight into words; in the layout `question` it asks, unless `asking` is off.

    TemplateError where the wording has no sentences for the metric's kind.
    """
    lexicon = setting.lexicon
    speaker = _speaker(metric, facts, setting)
    plain = _frame(setting)
    title = lexicon.phrase("neutral.title", **plain) if highlight.neutral else _title(metric, speaker)
    entries = _turn_week(facts.entries, speaker)
    weeks = lay_out_weeks(entries, lexicon, years=setting.period.years)
    # Nobody could listen to every day of a year: what a calendar shows is told by the month.
    entries = add_up_months(entries)
    rows, bars = _rows(entries, speaker), _bars(entries, speaker)
    badge, standing = _standing(metric, highlight, facts, setting)
    hero, unit = speaker.say("hero"), speaker.say("unit", otherwise="")
    is_amount = isinstance(facts.slots[facts.main], Quantity | Ratio)
    big = name_hero(hero, unit, lexicon, is_amount=is_amount)
    if highlight.neutral:
        isolated = name_hero(isolate(hero, lexicon.direction), unit, lexicon, is_amount=is_amount)
        headline, support = lexicon.phrase("neutral.headline", **plain, said=isolated), ""
    else:
        headline, support = speaker.say("headline"), speaker.say("support", otherwise="")
    small_print = _small_print(speaker)
    name = speaker.name_of(setting.foreign["name"]) if "name" in setting.foreign else ""
    brand = speaker.name_of(setting.foreign["brand"])
    listed = list_items(_items(entries, speaker), speaker.say("alt", otherwise=""), lexicon)
    said = (title, big, headline, support, listed, badge, small_print)
    layout = facts.layout if metric.layout in {None, QUESTION} else metric.layout
    # A card of the layout `pair` has a place for each name; elsewhere the hero holds both.
    first, second = "", ""
    if facts.second and layout == "pair":
        first, second = (speaker.name_of(facts.slots[name]) for name in (facts.main, facts.second))
    card = Card(
        index=index,
        name=metric.id,
        metric=metric.id,
        layout=layout,
        locale=lexicon.locale,
        direction=lexicon.direction,
        brand=brand,
        period=setting.period.label,
        title=title,
        hero=first or hero,
        unit=unit,
        headline=headline,
        support=support,
        badge=badge,
        small_print=small_print,
        alt_text=write_alt_text([*said, sign(name, brand, setting.period.label, lexicon)], lexicon),
        customer=name,
        rows=rows,
        bars=bars,
        weeks=weeks,
        second=second,
        emblem=facts.emblem,
        standing=standing,
    )
    own = highlight.neutral or metric.title is not None
    label = title if own else speaker.say("label", otherwise=title)
    if metric.layout == QUESTION and asking and not highlight.neutral and (options := find_options(facts)):
        card = _ask(card, options, metric, facts, speaker)
    return Told(card, Line(label, speaker.say("value")), big)


def _ask(card: Card, options: Sequence[str], metric: Metric, facts: Facts, speaker: Speaker) -> Card:
    first = facts.entries[0]
    amount = speaker.amount_of(first.amount).full
    answer = name_item(speaker.name_of(first.name), amount, "", speaker.setting.lexicon)
    # Of who knows no facts, no sentence can tell.
    silent = _speaker(metric, replace(facts, slots={}, cases=()), speaker.setting)
    return ask(card, options, answer, _title(metric, silent), _small_print(silent), silent)


def _speaker(metric: Metric, facts: Facts, setting: Setting) -> Speaker:
    kind = KINDS.get(metric.kind)
    if kind is None:
        message = f"metric {metric.id!r}: the wording has no sentences for the kind {metric.kind!r}"
        raise TemplateError(message)
    # Beside the kind's own cases: a share can be told, a time of day is known, there is a text and no number,
    # a name is known.
    share, main = facts.slots.get("share"), facts.slots.get(facts.main)
    automatic = (
        *(("shared",) if isinstance(share, Ratio) and share.value > 0 else ()),
        *(("timed",) if isinstance(main, Moment) and has_time(main) else ()),
        *(("text",) if isinstance(main, Label) and "n" not in facts.slots else ()),
        *setting.names,
    )
    if metric.kind in _WHOLE_PERIOD:
        setting = replace(setting, in_period=setting.in_whole_period)
    return Speaker(
        setting,
        f"kinds.{metric.kind}",
        facts.slots,
        (*facts.cases, *automatic),
        measure_of(metric, setting.campaign, setting.lexicon),
        kind.by or None,
        in_language(metric.words, setting.lexicon.locale) or {},
    )


def _frame(setting: Setting) -> dict[str, str]:
    """Give what the neutral sentences may name."""
    brand = isolate(clean(setting.campaign.brand.name), setting.lexicon.direction)
    return {"brand": brand, "period": setting.period.label, "in_period": setting.in_period}


def _small_print(speaker: Speaker) -> str:
    setting = speaker.setting
    return setting.lexicon.phrase(
        "formats.small_print",
        counted=speaker.say("counted"),
        span=setting.period.span,
        clock=setting.clock,
    )


def _title(metric: Metric, speaker: Speaker) -> str:
    lexicon = speaker.setting.lexicon
    title = metric.title
    own = title if isinstance(title, str) else in_language(title or {}, lexicon.locale)
    return capitalize(own, lexicon.language) if own else speaker.say("title")


def _turn_week(entries: tuple[Entry, ...], speaker: Speaker) -> tuple[Entry, ...]:
    first = first_weekday(speaker.setting.lexicon.language)
    starts = [i for i, entry in enumerate(entries) if entry.name == Weekday(first)]
    return (*entries[starts[0] :], *entries[: starts[0]]) if starts else entries


def _rows(entries: Sequence[Entry], speaker: Speaker) -> tuple[Row, ...]:
    return tuple(
        Row(
            place=_place(entry, index, speaker),
            name=speaker.name_of(entry.name),
            amount=speaker.amount_of(entry.amount).number,
            share=entry.share,
            leads=entry.leads,
        )
        for index, entry in enumerate(entries, 1)
        if isinstance(entry.name, Label)
    )


def _bars(entries: Sequence[Entry], speaker: Speaker) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            name=_short(entry.name, speaker),
            amount=speaker.amount_of(entry.amount).number,
            share=entry.share,
            leads=entry.leads,
        )
        for entry in entries
        if not isinstance(entry.name, Label)
    )


def _items(entries: Sequence[Entry], speaker: Speaker) -> list[str]:
    lexicon = speaker.setting.lexicon
    return [
        name_item(
            speaker.name_of(entry.name),
            speaker.amount_of(entry.amount).full,
            _place(entry, index, speaker) if isinstance(entry.name, Label) else "",
            lexicon,
        )
        for index, entry in enumerate(entries, 1)
    ]


def _place(entry: Entry, index: int, speaker: Speaker) -> str:
    return say_number(entry.place or index, speaker.setting.lexicon)


def _short(name: Fact, speaker: Speaker) -> str:
    language = speaker.setting.lexicon.language
    match name:
        case Month(value=month):
            return short_month(month, language)
        case Weekday(value=weekday):
            return short_weekday(weekday, language)
        case Hour(value=hour):
            return short_hour(hour, language)
        case Day(value=day):
            return short_day(day, language)
        case Days(first=first, last=last):
            return write_stretch(first, last, language)
        case _:
            told = speaker.name_of(name)
            return capitalize(told, language) if isinstance(name, DayPart) else told


def _standing(
    metric: Metric, highlight: Highlight, facts: Facts, setting: Setting
) -> tuple[str, float | None]:
    """Give the badge and the share of the crowd, only where the claim may be made."""
    top = facts.slots.get("top")
    if metric.kind == "standing" and isinstance(top, Ratio):
        return "", top.value  # the card's hero says it already
    percent = highlight.value.top_percent
    if highlight.neutral or not highlight.claims_standing or percent is None:
        return "", None
    text = write_percent(percent, setting.lexicon.language)
    return setting.lexicon.phrase("formats.badge", percent=text), percent / 100
