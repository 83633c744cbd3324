"""What a wording file may say: every path in it, and the placeholders each sentence may use.

A file is checked against this when it is loaded, so that a wrong placeholder is found by `recap check` and
not by the one customer whose card needs it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recap.wording.kind_facts import KINDS, KindFacts

__all__ = [
    "ASPECTS",
    "COMMON",
    "DAY_PARTS",
    "ESSENTIAL_CASES",
    "KINDS",
    "PAGE",
    "ROUNDED_UP",
    "SCHEMA",
    "SECTIONS",
    "SLOTS",
    "UNITS",
    "KindFacts",
    "Slot",
]

ASPECTS: Mapping[str, tuple[str, ...]] = {
    "quantity": ("", "_number", "_noun"),
    "moment": ("", "_day", "_time", "_weekday"),
    "day": ("", "_weekday"),
    "month": ("",),
    "weekday": ("",),
    "hour": ("",),
    "part": ("",),
    "term": ("",),
    "ratio": ("",),
    "label": ("",),
    "several": ("",),
}
"""The placeholders a fact gives, by its type: `{n}` is *41,208 minutes*, `{n_number}` and `{n_noun}` its
parts; `{moment}` is day and time. `{moment_time}` is there only for moments that have a time of day."""

COMMON = frozenset({"brand", "period", "in_period", "nouns"})
"""Always known: the brand; *2026*; *in 2026*; what the metric counts, in the plural."""

UNITS = ("day", "week", "year", "minute", "session", "event", "group", "customer", "highlight", "amount")
"""Nouns that every language file knows."""

DAY_PARTS = ("night", "morning", "afternoon", "evening")

ESSENTIAL_CASES = ("tied", "only", "began_before", "part", "joined", "grouped")
"""Where these hold, the plain sentence would claim too much: own plain words do not replace theirs."""

ROUNDED_UP = frozenset({"top", "kinds.archetype.share"})
"""Ratios, of any kind or of one, of which less would claim more: fewer who share it, more special."""

SLOTS: Mapping[str, bool] = {
    "title": True,
    "hero": True,
    "unit": False,
    "headline": True,
    "support": False,
    "alt": False,
    "label": False,
    "value": True,
    "counted": True,
}
"""A highlight's sentences, and whether every kind has them. `alt` leads the rows or bars in the alternative
text; `label` and `value` are its line of the summary; `counted` is for the small print."""

ASKING_SLOTS: Mapping[str, bool] = {"question": True}
"""What a card of the layout `question` says, of kinds with a list. No fact of the kind may be named in it."""

FRAME_SLOTS: Mapping[str, bool] = {
    "title": True,
    "hero": True,
    "unit": False,
    "headline": True,
    "support": False,
}
"""The sentences of the cover, the summary and the fallback cards."""


_PAGE_PLAIN = """
    cards previous next pause play words answer files tools options format save share save_all copy_link
    copy_alt nameless nameless_more preview hint onward ended expired revoked revoked_more
    formats.story formats.portrait formats.square formats.link
    said.saved said.opened said.gathering said.saved_all said.shared said.cancelled said.ready said.kept
    said.kept_linked said.link_copied said.alt_copied said.nameless said.named said.preview said.failed
"""
PAGE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_PAGE_PLAIN.split(), ()),
    "place": ("n", "count"),
    "said.format": ("format",),
    "until": ("date",),
    "ended_more": ("date",),
}
"""The texts of the customer's page, with their placeholders."""

SHOWN_SLOTS: Mapping[str, bool] = {"title": True, "support": False}
"""A fallback card's that takes over everything else from a highlight."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A text of the file."""

    required: bool = True
    always: frozenset[str] = frozenset()
    """Placeholders that can always be filled."""
    sometimes: frozenset[str] = frozenset()
    """Placeholders some customers lack. A campaign's own words may use them: where one is missing, the next
    sentence that fits is taken. The shipped sentences, being the last resort, may not."""
    by: str | None = None
    """The quantity that chooses among plural forms; None where there are none to choose from."""
    quantities: frozenset[str] = frozenset()
    """What `by` may name instead."""


def holes_of(facts: Mapping[str, str]) -> frozenset[str]:
    """List the placeholders that facts give."""
    return frozenset(name + aspect for name, kind in facts.items() for aspect in ASPECTS[kind])


def _sections(
    path: str,
    slots: Mapping[str, bool],
    kind: KindFacts,
    *,
    common: frozenset[str] = COMMON,
) -> Iterator[tuple[str, Slot]]:
    cases: dict[str, Mapping[str, str]] = {"": {}, "named": {"name": "label"}, **kind.cases}
    everything = {name: fact for facts in (*cases.values(), kind.facts) for name, fact in facts.items()}
    untimed = frozenset(f"{name}_time" for name, fact in everything.items() if fact == "moment")
    for case, extra in cases.items():
        facts = {**kind.facts, **extra}
        always = common | holes_of(facts) - (frozenset() if case == "timed" else untimed)
        quantities = frozenset(name for name, fact in facts.items() if fact == "quantity")
        for name, required in slots.items():
            slot = Slot(
                required and not case,
                always,
                (common | holes_of(everything)) - always,
                kind.by or None,
                quantities,
            )
            yield (f"{path}.{case}.{name}" if case else f"{path}.{name}"), slot


def _counted(*, required: bool = True) -> Slot:
    return Slot(required, by="number", quantities=frozenset({"number"}))


def _build() -> Iterator[tuple[str, Slot]]:
    def plain(*holes: str, required: bool = True) -> Slot:
        return Slot(required, frozenset(holes))

    yield (
        "formats.quantity",
        Slot(
            always=frozenset({"number", "noun"}),
            by="number",
            quantities=frozenset({"number"}),
        ),
    )
    yield "formats.below", plain("amount")
    yield "formats.below_short", plain("amount")
    yield "formats.at_least", plain("amount")
    yield "formats.at_least_short", plain("amount")
    yield "formats.more", Slot(True, frozenset({"number"}), by="number", quantities=frozenset({"number"}))
    yield "formats.moment", plain("day", "time")
    yield "formats.time", plain("time")
    yield "formats.badge", plain("percent")
    for path in ("formats.unnamed", "formats.letters", "alt.options"):
        yield path, plain()
    yield "formats.small_print", plain("counted", "span", "clock")
    yield "formats.frame_print", plain("span", "clock")
    yield "formats.idle_print", plain("span")
    for clock in ("customer", "recorded"):
        yield f"clock.{clock}", plain()
    yield "clock.zone", plain("city")
    yield "in_period.year", plain("period")
    yield "in_period.month", plain("period")
    yield "in_period.months", plain("first", "last", "period")
    yield "in_period.days", plain("first", "last", "period")
    yield "in_period.day", plain("first")
    yield "in_period.since", plain("month")
    for noun in UNITS:
        yield f"nouns.{noun}", _counted()
    for hour in range(24):
        yield f"hours.{hour}", plain(required=False)
    for part in DAY_PARTS:
        yield f"day_parts.{part}", plain()
    yield "alt.end", plain()
    yield "alt.join", plain()
    yield "alt.amount", plain("hero", "unit")
    yield "alt.list", plain("lead", "items")
    yield "alt.item", plain("name", "amount")
    yield "alt.place", plain("place", "name", "amount")
    yield "alt.option", plain("place", "name")
    yield "alt.gap", plain()
    yield "alt.apart", plain("hero", "unit")
    yield "alt.signature", plain("brand", "period")
    yield "alt.signature_named", plain("name", "brand", "period")
    for name, holes in PAGE.items():
        yield f"page.{name}", plain(*holes)
    frame = COMMON - {"nouns"}
    promise = KindFacts({"campaign": "label", "n": "quantity"}, "n")
    yield from _sections("cover", FRAME_SLOTS, promise, common=frame)
    yield from _sections("summary", FRAME_SLOTS, promise, common=frame)
    yield from _sections("fallback.idle", FRAME_SLOTS, KindFacts({"campaign": "label"}, ""), common=frame)
    yield from _sections("fallback.counted", FRAME_SLOTS, promise, common=frame)
    yield from _sections("fallback.shown", SHOWN_SLOTS, KindFacts({"campaign": "label"}, ""), common=frame)
    yield "neutral.title", plain("brand", "period", "in_period")
    yield "neutral.headline", plain("brand", "period", "in_period", "said")
    for name, facts in KINDS.items():
        yield from _sections(f"kinds.{name}", SLOTS, facts)
        if facts.has_list:
            yield from _sections(f"kinds.{name}", ASKING_SLOTS, KindFacts({}, ""))


SCHEMA: Mapping[str, Slot] = dict(_build())
"""Every text of a wording file by its dotted path."""


def _children() -> dict[str, frozenset[str]]:
    children: dict[str, set[str]] = {}
    for path in SCHEMA:
        parts = path.split(".")
        for length in range(len(parts)):
            children.setdefault(".".join(parts[:length]), set()).add(parts[length])
    return {path: frozenset(names) for path, names in children.items()}


SECTIONS: Mapping[str, frozenset[str]] = _children()
"""The keys of every section by its dotted path; the file itself is the empty path."""
