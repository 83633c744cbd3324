"""Drawing a shard: what happens in a worker process."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from recap.campaign import Campaign
from recap.campaign.load import campaign_model
from recap.delivery.pictures import CARDS, SHARED, flush, picture_path, write_pages, write_picture
from recap.errors import BrowserError, OutputError, RecapError
from recap.metrics.registry import MODELS
from recap.pipeline.look import Look, Looks
from recap.pipeline.pages import further_files, make_pages
from recap.pipeline.shards import Person, Shard
from recap.render.browser import BrowserPath
from recap.render.engine import ENGINES, FALLBACK, Document, Drawing, DrawingError, Engine
from recap.render.formats import FORMATS, Format
from recap.render.jpeg import encode_jpeg
from recap.render.pool_worker import trace_of
from recap.render.webp import encode_webp
from recap.selection.deck import Deck
from recap.wording import Card
from recap.wording.question import QUESTION

log = logging.getLogger("recap.draw")
DISTRUSTED = "exact instead of fast"
"""What the fingerprint says in place of an engine where a trial found that its pictures differ."""
_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    ".png": lambda png: png,
    ".jpg": encode_jpeg,
    ".webp": encode_webp,
}
"""From the picture that was drawn to the file of this ending."""
STOPPED = "stopped by --fail-fast; without it the outcomes say who"
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*" ?')


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run must know; small, and sent once to each."""

    campaign: Mapping[str, Any]
    """As `pack_campaign` gives it."""
    folder: Path
    """The campaign file's folder."""
    browser: BrowserPath
    system_fonts: str
    """Digest of the machine's fonts."""
    engine: str = "fast"
    """One of `ENGINES`."""
    fail_fast: bool = False


def pack_campaign(campaign: Campaign) -> dict[str, Any]:
    """Make a campaign fit to be sent to a worker; what it left unsaid stays unsaid."""
    return campaign.model_dump(mode="json", exclude_unset=True)


def unpack_campaign(packed: Mapping[str, Any]) -> Campaign:
    """Make the campaign again."""
    return campaign_model(MODELS).model_validate(packed)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn shard: rows for the manifest and for the outcomes."""

    pictures: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    """What the page said of freshly drawn cards, by layout, format and the element it is about."""
    differences: dict[tuple[str, str], str] = field(default_factory=dict)
    """Of a trial: how pictures differ from what the browser shows, by layout and format."""


class ShardWorker:
    """Draws shards, one after another, with one browser that is opened when the first picture is due."""

    def __init__(self, job: Job) -> None:
        campaign = unpack_campaign(job.campaign)
        self._job = job
        self._looks = Looks(campaign, job.folder)
        self._formats = [FORMATS[name].scaled(campaign.look.scale) for name in campaign.formats]
        self._engine: Engine | None = None

    def run(self, shard: Shard, report: Callable[[int], None]) -> Drawn:
        """Draw what is not there yet. Raises BrowserError or OutputError, which concern every customer."""
        if shard.is_trial:
            return self._try(shard, report)
        drawn = Drawn()
        for person in shard.people:
            outcome, reason, rows = person.outcome, person.reason, list[dict[str, Any]]()
            if person.deck is not None:
                outcome = "fallback" if person.deck.kind == "fallback" else "rendered"
                try:
                    rows = self._draw(person, shard, drawn.problems, report)
                except (BrowserError, OutputError):
                    raise
                except RecapError as error:
                    outcome, reason = "failed", str(error)
                except Exception as error:
                    # Neither whose card it is nor what the error says: logs are no place for either.
                    log.error("a card of shard %s could not be drawn\n%s", shard.name, trace_of(error))  # noqa: TRY400
                    outcome, reason = "failed", f"{type(error).__name__}: {error}"
                    if self._job.fail_fast:
                        raise RecapError(f"a customer failed: {type(error).__name__} ({STOPPED})") from error
                if outcome == "failed" and self._job.fail_fast:
                    raise RecapError(f"a customer failed: {reason} ({STOPPED})")
            drawn.pictures.extend(rows)
            drawn.outcomes.append(outcome_row(person, str(outcome), reason, len({r["card"] for r in rows})))
        flush()
        return drawn

    def _try(self, shard: Shard, report: Callable[[int], None]) -> Drawn:
        """Draw some cards of each layout both ways, and keep nothing; what is there says how it was drawn.

        Of those that are missing: the first, the shortest and the longest, as they are written for the page.
        """
        drawn = Drawn()
        missing: dict[tuple[str, Format], list[Document]] = {}
        for person in shard.people:
            look = self._looks.of(person.variant)
            for card in look.cards(person.deck) if person.deck else ():
                for format_ in self._formats:
                    known = shard.known.get((person.token, card.index, format_.name), {}).get("fingerprint")
                    if known == self._fingerprint(look, card, DISTRUSTED):
                        drawn.differences[card.layout, format_.name] = "it differed when it was tried"
                    elif known != self._fingerprint(look, card):
                        missing.setdefault((card.layout, format_), []).append(look.document(card))
        for (layout, format_), documents in missing.items():
            by_length = sorted(documents, key=lambda document: len(document.body))
            tried = {document.body: document for document in (documents[0], by_length[0], by_length[-1])}
            for document in tried.values():
                # A card that cannot be drawn is the customer's affair, and told when it is drawn in earnest.
                with suppress(DrawingError):
                    (difference,) = self._browser_engine().check(document, [format_])
                    if difference:
                        drawn.differences.setdefault((layout, format_.name), difference)
                report(0)
        return drawn

    def close(self) -> None:
        """End the browser."""
        if self._engine is not None:
            self._engine.close()

    def _draw(
        self, person: Person, shard: Shard, problems: Counter[str], report: Callable[[int], None]
    ) -> list[dict[str, Any]]:
        assert person.deck is not None  # noqa: S101 - the caller saw to it; this is for the type checker
        rows: list[dict[str, Any]] = []
        fresh: list[tuple[dict[str, Any], dict[str, Drawing]]] = []
        look, deck, shared = self._looks.of(person.variant), person.deck, person.deck.nameless()
        cards = look.cards(deck)
        nameless = look.cards(shared) if person.share_token else ()
        for card in cards:
            missing: dict[Format, dict[str, Any]] = {}
            for format_ in self._formats:
                row = self._row(person, look, card, format_.name, self._way(shard, card, format_))
                if kept := _still_good(row, shard.known.get((person.token, card.index, format_.name))):
                    rows.append(kept)
                else:
                    missing[format_] = row
            report(len(self._formats) - len(missing))
            if missing:
                problems.update(
                    f"{card.layout} as {f.name}: a picture of {what} is missing"
                    for what in _without_picture(card)
                    for f in missing
                )
                formats = list(missing)
                shown, drawings = self._draw_soundly(look, deck, card, formats, shard, problems)
                again = drawings
                if nameless:
                    # What is wrong with it was told of the card with the name.
                    other = nameless[card.index]
                    _, again = self._draw_soundly(look, shared, other, formats, shard, Counter())
                for row, drawing, other_drawing in zip(missing.values(), drawings, again, strict=True):
                    row |= {"template": shown.layout, "headline": shown.headline, "alt_text": shown.alt_text}
                    fresh.append((row, {CARDS: drawing, SHARED: other_drawing}))
                report(len(missing))
        # Written only now: of a customer whose third card fails, the first two must not lie about.
        rows += [_keep(shard.staging, row, drawings) for row, drawings in fresh]
        for folder, pages in make_pages(look, person, cards, nameless, rows).items():
            write_pages(shard.staging, folder, pages)
        return rows

    def _draw_soundly(
        self,
        look: Look,
        deck: Deck,
        card: Card,
        formats: Sequence[Format],
        shard: Shard,
        problems: Counter[str],
    ) -> tuple[Card, Sequence[Drawing]]:
        """Draw a card, or the first of what may stand for it that has no fault; return what was drawn.

        Raises DrawingError where there is none.
        """
        faults = ""
        for shown, how in stand_ins(look, deck, card):
            distrusted = {
                name: why for (layout, name), why in shard.exactly.items() if layout == shown.layout
            }
            drawings = self._browser_engine().draw(look.document(shown), formats, exactly=distrusted)
            for format_, drawing in zip(formats, drawings, strict=True):
                told = drawing.problems
                if format_.name in distrusted:
                    told = (*told, f"{distrusted[format_.name]}; {FALLBACK}")
                problems.update(_nameless(card.layout, format_.name, told, how))
            faults = next((drawing.faults[0] for drawing in drawings if drawing.faults), "")
            if not faults:
                return shown, drawings
        raise DrawingError(f"{card.layout}: {re.sub(_QUOTED, '', faults)}")

    def _row(self, person: Person, look: Look, card: Card, format_name: str, way: str) -> dict[str, Any]:
        """Say what the manifest will say of a picture, but for what is known only of its files."""
        path = picture_path(person.token, card.index, card.name, format_name)
        scores = {h.value.metric: h.score for h in person.deck.highlights} if person.deck else {}
        return {
            "customer_id": person.customer_id,
            "token": person.token,
            "card": card.index,
            "metric": card.metric,
            "template": card.layout,
            "theme": look.templates.theme.name,
            "locale": card.locale,
            "format": format_name,
            "headline": card.headline,
            "alt_text": card.alt_text,
            "path": path,
            "files": [{"path": file} for file in further_files(path, person, look, format_name)],
            "fingerprint": self._fingerprint(look, card, way),
            "variant": person.variant,
            "score": scores.get(card.metric or ""),
        }

    def _way(self, shard: Shard, card: Card, format_: Format) -> str:
        """Say by which engine a picture is drawn, for its fingerprint."""
        return DISTRUSTED if (card.layout, format_.name) in shard.exactly else self._job.engine

    def _fingerprint(self, look: Look, card: Card, way: str | None = None) -> str:
        return look.fingerprint(
            card, way or self._job.engine, self._job.browser.version, self._job.system_fonts
        )

    def _browser_engine(self) -> Engine:
        if self._engine is None:
            self._engine = ENGINES[self._job.engine](self._job.browser)
        return self._engine


def stand_ins(look: Look, deck: Deck, card: Card) -> Iterator[tuple[Card, str]]:
    """Yield a card, then what may stand for it where it has a fault, each with how it is told."""
    yield card, ""
    if look.campaign.look.faulty_cards == "fail":
        return
    if deck.customer.name:
        deck = deck.nameless()
        card = look.cards(deck)[card.index]
        yield card, " (without the name)"
    if card.layout == QUESTION:
        # The fallback has no place for what could be chosen: there the answer is told.
        card = look.cards(deck, asking=False)[card.index]
    if card.layout != "fallback":
        hero = f"{card.hero} + {card.second}" if card.second else card.hero
        yield replace(card, layout="fallback", hero=hero), " (in the layout fallback)"


def _nameless(layout: str, format_name: str, problems: Sequence[str], how: str) -> set[str]:
    """Say what is wrong without the words of the card, which are the customer's."""
    return {f"{layout} as {format_name}{how}: {re.sub(_QUOTED, '', problem)}" for problem in problems}


def _without_picture(card: Card) -> Iterator[str]:
    if any(row.picture == "" for row in card.rows):
        yield "an item"
    if card.avatar == "":
        yield "a customer"


def _still_good(row: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what is known of a picture that is there, where it is what would be drawn."""
    if known is None or (known["fingerprint"], known["path"]) != (row["fingerprint"], row["path"]):
        return None
    files = {file["path"]: file for file in known["files"]}
    wanted = [file["path"] for file in row["files"]]
    if not files.keys() >= set(wanted):
        return None
    fresh = {"variant": row["variant"], "score": row["score"]}
    return {**known, **fresh, "files": [files[path] for path in wanted]}


def _keep(staging: Path, row: Mapping[str, Any], drawings: Mapping[str, Drawing]) -> dict[str, Any]:
    """Write a picture's files; `drawings` are what is drawn for customers' folders and for nameless ones."""

    def write(path: str) -> dict[str, Any]:
        png = drawings[path.split("/", 1)[0]].png
        return asdict(write_picture(staging, path, _ENCODERS[PurePosixPath(path).suffix](png)))

    drawing = drawings[CARDS]
    size = {"width": drawing.width, "height": drawing.height}
    return {**row, **size, **write(row["path"]), "files": [write(file["path"]) for file in row["files"]]}


def outcome_row(person: Person, outcome: str, reason: str | None, cards: int) -> dict[str, Any]:
    """Make a customer's row of the outcomes."""
    return {
        "customer_id": person.customer_id,
        "token": person.token,
        "outcome": outcome,
        "reason": reason,
        "cards": cards,
        "locale": person.locale,
        "variant": person.variant,
        "share_token": person.share_token if cards else None,
    }


@dataclass(frozen=True, slots=True)
class WorkerFactory:
    """Makes a worker inside its process."""

    job: Job

    def __call__(self) -> ShardWorker:
        """Make it, and let what goes wrong be logged in lines with a time."""
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
        return ShardWorker(self.job)
