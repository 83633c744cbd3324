"""The cards around the highlights: the cover that promises, the summary and the fallback that stand alone."""

from collections.abc import Sequence
from dataclasses import replace

from recap.metrics.facts import Facts, Quantity
from recap.wording.alt_text import list_items, name_hero, name_item, sign, write_alt_text
from recap.wording.card import Card, Line
from recap.wording.catalogue import KINDS
from recap.wording.highlight_card import Told
from recap.wording.measure import measure_of
from recap.wording.setting import Setting
from recap.wording.speaker import Speaker

_LINES = 5


def tell_cover(setting: Setting, highlights: int) -> Card:
    """Make the first card: whose it is, and how much is to come."""
    small_print = _frame_print(setting)
    return _frame("cover", 0, _frame_speaker("cover", setting, highlights), small_print)


def tell_summary(setting: Setting, index: int, told: Sequence[Told]) -> Card:
    """Make the last card, which tells everything at a glance: five lines at most."""
    lines = tuple(one.line for one in told[:_LINES])
    return _frame(
        "summary", index, _frame_speaker("summary", setting, len(told)), _frame_print(setting), lines
    )


def tell_fallback(setting: Setting, first: tuple[Told, Facts] | None) -> Card:
    """Make the one card of a customer with little to tell, from the first highlight where there is one."""
    lexicon = setting.lexicon
    # Nobody is thanked for nothing, nor for having brought more back than they bought.
    if first is None or _is_nothing(first[1]):
        small_print = lexicon.phrase("formats.idle_print", span=setting.period.span)
        return _frame("fallback", 0, Speaker(setting, "fallback.idle", {}, setting.names), small_print)
    told, facts = first
    metric = next(metric for metric in setting.campaign.metrics if metric.id == told.card.metric)
    main = facts.slots[facts.main]
    if KINDS[metric.kind].is_total and isinstance(main, Quantity):
        measure = measure_of(metric, setting.campaign, lexicon)
        speaker = Speaker(setting, "fallback.counted", {"n": main}, setting.names, measure)
        return replace(_frame("fallback", 0, speaker, told.card.small_print), metric=metric.id)
    speaker = Speaker(setting, "fallback.shown", {}, setting.names)
    return _take_over(told, speaker)


def _is_nothing(facts: Facts) -> bool:
    main = facts.slots[facts.main]
    return isinstance(main, Quantity) and main.value <= 0


def _frame_speaker(section: str, setting: Setting, highlights: int) -> Speaker:
    return Speaker(setting, section, {"n": Quantity(highlights, "highlight")}, setting.names)


def _frame_print(setting: Setting) -> str:
    return setting.lexicon.phrase("formats.frame_print", span=setting.period.span, clock=setting.clock)


def _take_over(told: Told, speaker: Speaker) -> Card:
    card = told.card
    title, support = speaker.say("title"), speaker.say("support", otherwise="")
    setting = speaker.setting
    said = (title, told.big, card.headline, support, card.small_print)
    signature = sign(card.customer, card.brand, card.period, setting.lexicon)
    return replace(
        card,
        index=0,
        name="fallback",
        layout="fallback",
        title=title,
        support=support,
        badge="",
        rows=(),
        bars=(),
        weeks=(),
        standing=None,
        alt_text=write_alt_text([*said, signature], setting.lexicon),
    )


def _frame(name: str, index: int, speaker: Speaker, small_print: str, lines: tuple[Line, ...] = ()) -> Card:
    setting = speaker.setting
    lexicon = setting.lexicon
    title, hero, headline = (speaker.say(slot) for slot in ("title", "hero", "headline"))
    unit, support = (speaker.say(slot, otherwise="") for slot in ("unit", "support"))
    customer = speaker.name_of(setting.foreign["name"]) if "name" in setting.foreign else ""
    brand = speaker.name_of(setting.foreign["brand"])
    listed = list_items([name_item(line.label, line.value, "", lexicon) for line in lines], "", lexicon)
    said = (
        title,
        name_hero(hero, unit, lexicon, is_amount=speaker.section == "fallback.counted"),
        headline,
        support,
        listed,
        small_print,
        sign(customer, brand, setting.period.label, lexicon),
    )
    return Card(
        index=index,
        name=name,
        metric=None,
        layout=name,
        locale=lexicon.locale,
        direction=lexicon.direction,
        brand=brand,
        period=setting.period.label,
        title=title,
        hero=hero,
        unit=unit,
        headline=headline,
        support=support,
        badge="",
        small_print=small_print,
        alt_text=write_alt_text(said, lexicon),
        customer=customer,
        lines=lines,
    )
