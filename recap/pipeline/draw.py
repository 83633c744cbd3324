"""Drawing a shard: what happens in a worker process."""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recap.campaign import Campaign
from recap.campaign.load import campaign_model
from recap.delivery.pictures import jpeg_path, picture_path, write_picture
from recap.errors import BrowserError, OutputError, RecapError
from recap.metrics.registry import MODELS
from recap.pipeline.look import Look, Looks
from recap.pipeline.shards import Person, Shard
from recap.render.browser import BrowserPath
from recap.render.engine import ENGINES, FALLBACK, Document, Drawing, DrawingError, Engine
from recap.render.formats import FORMATS, Format
from recap.render.jpeg import encode_jpeg
from recap.selection.deck import Deck
from recap.wording import Card

log = logging.getLogger("recap.draw")
DISTRUSTED = "exact instead of fast"
"""What the fingerprint says in place of an engine where a trial found that its pictures differ."""
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
                    log.exception("a card of %s could not be drawn", person.token)
                    outcome, reason = "failed", f"{type(error).__name__}: {error}"
                if outcome == "failed" and self._job.fail_fast:
                    raise RecapError(f"{person.token}: {reason} (stopped by --fail-fast)")
            drawn.pictures.extend(rows)
            drawn.outcomes.append(outcome_row(person, str(outcome), reason, len({r["card"] for r in rows})))
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
        fresh: list[tuple[dict[str, Any], Drawing]] = []
        look = self._looks.of(person.variant)
        for card in look.cards(person.deck):
            missing = []
            for format_ in self._formats:
                known = shard.known.get((person.token, card.index, format_.name))
                path = picture_path(person.token, card.index, card.name, format_.name)
                fingerprint = self._fingerprint(look, card, self._way(shard, card, format_))
                if known and (known["fingerprint"], known["path"]) == (fingerprint, path):
                    rows.append({**known, "variant": person.variant})
                else:
                    missing.append(format_)
            report(len(self._formats) - len(missing))
            if missing:
                if any(row.picture == "" for row in card.rows):
                    problems.update(
                        f"{card.layout} as {f.name}: a picture of an item is missing" for f in missing
                    )
                shown, drawings = self._draw_soundly(look, person.deck, card, missing, shard, problems)
                for format_, drawing in zip(missing, drawings, strict=True):
                    fingerprint = self._fingerprint(look, card, self._way(shard, card, format_))
                    row = self._row(person, look, shown, format_.name, fingerprint)
                    fresh.append((row, drawing))
                report(len(missing))
        # Written only now: of a customer whose third card fails, the first two must not lie about.
        return rows + [_keep(shard.staging, row, drawing) for row, drawing in fresh]

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

    def _row(
        self, person: Person, look: Look, card: Card, format_name: str, fingerprint: str
    ) -> dict[str, Any]:
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
            "path": picture_path(person.token, card.index, card.name, format_name),
            "fingerprint": fingerprint,
            "variant": person.variant,
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
        card = look.cards(replace(deck, customer=replace(deck.customer, name=None)))[card.index]
        yield card, " (without the name)"
    if card.layout != "fallback":
        yield replace(card, layout="fallback"), " (in the layout fallback)"


def _nameless(layout: str, format_name: str, problems: Sequence[str], how: str) -> set[str]:
    """Say what is wrong without the words of the card, which are the customer's."""
    return {f"{layout} as {format_name}{how}: {re.sub(_QUOTED, '', problem)}" for problem in problems}


def _keep(staging: Path, row: Mapping[str, Any], drawing: Drawing) -> dict[str, Any]:
    written = write_picture(staging, row["path"], drawing.png)
    kept = {**row, "width": drawing.width, "height": drawing.height}
    kept |= {"bytes": written.bytes, "sha256": written.sha256}
    if row["format"] == "link":
        jpeg = write_picture(staging, jpeg_path(row["path"]), encode_jpeg(drawing.png))
        kept |= {"jpeg_bytes": jpeg.bytes, "jpeg_sha256": jpeg.sha256}
    return kept


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
    }


@dataclass(frozen=True, slots=True)
class WorkerFactory:
    """Makes a worker inside its process."""

    job: Job

    def __call__(self) -> ShardWorker:
        """Make it, and let what goes wrong be logged in lines with a time."""
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
        return ShardWorker(self.job)
