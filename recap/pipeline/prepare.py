"""Everything before drawing: read the activity, compute the values, choose the highlights."""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from recap.campaign import Campaign, Document, build_campaign, parse_path, place, read_document
from recap.delivery.erasure.forgotten import recognise_forgotten
from recap.errors import CampaignError, Problem, SourceError, ToleranceError, UsageError
from recap.metrics.check import check_metrics
from recap.metrics.compute import compute_values
from recap.metrics.registry import MODELS
from recap.metrics.results import read_people, read_wishes
from recap.metrics.wanted import wanted_of
from recap.pipeline.choosing import Choosing, prepare_choosing
from recap.pipeline.look import Looks, load_tone
from recap.pipeline.progress import Clock, Listener
from recap.selection.rules import Rule, make_rules
from recap.selection.spread import Spread
from recap.selection.tone import Tone
from recap.selection.variants import assign, with_alternative
from recap.sources.connection import connect
from recap.sources.open import Opened, open_events
from recap.sources.rejects import summarise_rejects
from recap.wording import best_locale

CHOSEN = pl.DataFrame(
    schema={
        "customer_id": pl.String,
        "metric": pl.String,
        "order": pl.UInt16,
        "score": pl.Float64,
        "claims": pl.Boolean,
        "neutral": pl.Boolean,
        "place": pl.Int64,
    }
)
"""What of a verdict makes a card."""


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """A campaign and where it came from; paths inside it are relative to `folder`."""

    campaign: Campaign
    path: Path
    document: Document
    overrides: tuple[str, ...] = ()

    def placed(self, error: CampaignError) -> CampaignError:
        """Give problems that know only their path in the campaign their file and line."""
        return CampaignError(
            [
                problem
                if problem.line is not None or not problem.path
                else place(
                    problem.message, parse_path(problem.path), self.document, str(self.path), self.overrides
                )
                for problem in error.problems
            ]
        )

    def located(self, error: SourceError) -> SourceError:
        """Give what the sources find wrong, and name by its path in the campaign, its file and line."""
        return SourceError("\n".join(map(self._located, str(error).splitlines())))

    def _located(self, told: str) -> str:
        parts = "sources|customers|wishes|opt_outs|exports|money|deduplicate_by"
        named = re.match(rf"((?:{parts})[\w.]*): ", told)
        if named is None:
            return told
        path = parse_path(named[1])
        # A campaign's one source is written without a list.
        if path[:2] == ("sources", 0) and isinstance(self.document.data.get("sources"), Mapping):
            path = (path[0], *path[2:])
        message = told.removeprefix(named[0])
        problem = place(message, path, self.document, str(self.path), self.overrides)
        return str(replace(problem, path=named[1]))

    @property
    def folder(self) -> Path:
        """The folder of the campaign file."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class Computed:
    """A campaign with its values computed."""

    opened: Opened
    connection: Any
    """The DuckDB connection that holds `values`; only `metrics` and `sources` know what it is."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A campaign with its values computed and its decks chosen, ready to be drawn or explained."""

    file: CampaignFile
    opened: Opened
    connection: Any
    """The DuckDB connection that holds `values`; only `metrics` and `sources` know what it is."""
    people: pl.DataFrame
    """A row a customer: `customer_id`, `name` (as it may be printed), `avatar` (null where the name is),
    `locale` (one of the campaign's), `events`, `joined`, `variant`, `highlights` (how many were chosen),
    `deck` (`full`, `fallback` or null), `outcome` (null while it is to be drawn) and `reason`."""
    chosen: pl.DataFrame
    """The highlights of everyone: `customer_id`, `metric`, `order`, `score`, `claims`, `neutral`, `place`."""
    choosing: Choosing
    """What they were chosen by."""
    spread: Spread
    """How the choice came out."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The metrics' part in the selection, in the order of the file."""
        return self.choosing.rules


def open_campaign(path: Path, overrides: Sequence[str] = ()) -> CampaignFile:
    """Load a campaign file, or the `campaign.yaml` of a folder, with every metric kind there is."""
    file = path / "campaign.yaml" if path.is_dir() else path
    document = read_document(file)
    campaign = build_campaign(document, MODELS, overrides, file=str(file))
    return CampaignFile(campaign, file, document, tuple(overrides))


def open_looks(file: CampaignFile) -> Looks:
    """Load theme and wording, and those of every alternative. Raises CampaignError with lines."""
    campaign = file.campaign
    looks = Looks(campaign, file.folder)
    problems = list(_problems_of_look(looks, campaign))
    for index, experiment in enumerate(campaign.experiments):
        for number, alternative in enumerate(experiment.alternatives):
            place = f"experiments.{index}.alternatives.{number}"
            own = _problems_of_look(looks, with_alternative(campaign, alternative))
            problems += [
                replace(problem, path=f"{place}.{problem.path.removeprefix('look.')}")
                for problem in own
                if problem not in problems
            ]
    if problems:
        raise file.placed(CampaignError(problems))
    return looks


def _problems_of_look(looks: Looks, campaign: Campaign) -> tuple[Problem, ...]:
    try:
        looks.load(campaign)
    except CampaignError as error:
        # The wording names its problems' file, which is the campaign's own only where nothing is merged.
        return tuple(Problem(problem.message, problem.path) for problem in error.problems)
    return ()


@contextmanager
def prepare(
    file: CampaignFile,
    clock: Clock,
    listener: Listener,
    *,
    scratch: Path | None = None,
    frames: Mapping[str, Any] | None = None,
    memory_limit: str | None = None,
) -> Iterator[Prepared]:
    """Read, compute and choose; DuckDB spills into `scratch`, or a temporary folder.

    Raises SourceError, CampaignError, or ToleranceError where too many rows are unreadable.
    """
    campaign = file.campaign
    with compute(
        file, clock, listener, scratch=scratch, frames=frames, memory_limit=memory_limit
    ) as computed:
        with clock.step("choosing"):
            rules, tone = make_rules(campaign), load_tone(campaign)
            people = _introduce(read_people(computed.connection), campaign, tone)
            wishes = read_wishes(computed.connection)
            choosing = prepare_choosing(campaign, computed.connection, people, wishes, rules, tone)
            spread, told = Spread(rules), [CHOSEN.clear()]
            for verdicts in choosing.everyone():
                spread.add(verdicts)
                told.append(verdicts.filter("chosen").select(CHOSEN.columns))
            chosen = pl.concat(told)
            people = _judge_people(people, chosen, campaign)
        yield Prepared(file, computed.opened, computed.connection, people, chosen, choosing, spread)


@contextmanager
def compute(
    file: CampaignFile,
    clock: Clock,
    listener: Listener,
    *,
    scratch: Path | None = None,
    frames: Mapping[str, Any] | None = None,
    memory_limit: str | None = None,
) -> Iterator[Computed]:
    """Read and compute, as `prepare` does, and choose nothing."""
    try:
        with _computed(file, clock, listener, scratch, frames or {}, memory_limit) as computed:
            yield computed
    except CampaignError as error:
        raise file.placed(error) from error
    except SourceError as error:
        raise file.located(error) from error


@contextmanager
def _computed(
    file: CampaignFile,
    clock: Clock,
    listener: Listener,
    scratch: Path | None,
    frames: Mapping[str, Any],
    memory_limit: str | None,
) -> Iterator[Computed]:
    campaign = file.campaign
    with tempfile.TemporaryDirectory(prefix="recap-", dir=scratch) as spill:
        connection = connect(memory_limit, Path(spill))
        try:
            with clock.step("reading"):
                opened = open_events(
                    campaign,
                    connection,
                    base=file.folder,
                    frames=frames,
                    wanted=wanted_of(campaign),
                    is_forgotten=recognise_forgotten(file.folder, os.environ, campaign.id),
                )
                for warning in opened.warnings:
                    listener.warn(warning)
                tolerate(file, opened, summarise_rejects(connection))
                check_metrics(campaign, connection, opened.declared)
            with clock.step("computing"):
                compute_values(campaign, connection, opened.fields, listener.detail)
            yield Computed(opened, connection)
        finally:
            connection.close()


def find_customer(people: pl.DataFrame, customer_id: str) -> dict[str, Any]:
    """Return a customer's row of `people`. Raises UsageError where there is none."""
    rows = people.filter(pl.col("customer_id") == customer_id).to_dicts()
    if not rows:
        # No "did you mean": other customers' ids are nobody's to read in a terminal or a log.
        raise UsageError(f"there is no customer {customer_id!r} in the period or the customers table")
    return rows[0]


def tolerate(file: CampaignFile, opened: Opened, reasons: Sequence[str]) -> None:
    """Raise ToleranceError where too many rows cannot be read, SourceError where no event is left.

    `reasons` are the commonest for which rows were rejected, with an example each.
    """
    rows, campaign = opened.rows, file.campaign
    limit = campaign.tolerance.rejects
    if rows.rejected > limit * rows.read:
        raise ToleranceError(
            f"{rows.rejected} of {rows.read} rows could not be read, more than the campaign tolerates "
            f"({limit:.2%}); mend the source, or raise tolerance.rejects in {file.path}. "
            f"The commonest: {'; '.join(reasons)}"
        )
    if rows.used == 0:
        period = campaign.period
        raise SourceError(
            f"no row of {rows.read} is an event of the period {period.start} to {period.end} "
            f"(no customer {rows.no_customer}, outside the period {rows.outside_period}, "
            f"filtered {rows.filtered}, duplicate {rows.duplicate}, unreadable {rows.rejected}); "
            f"check `period`, `where` and the columns in {file.path}"
        )


def _introduce(people: pl.DataFrame, campaign: Campaign, tone: Tone) -> pl.DataFrame:
    """Give everyone the language, the variant and the name they are met with."""
    locales = {
        wanted: best_locale(wanted, campaign.languages) for wanted in people["locale"].unique().to_list()
    }
    named = [name if name and tone.allows_name(name) else None for name in people["name"].to_list()]
    variants = (
        [assign(campaign, customer_id) for customer_id in people["customer_id"]]
        if campaign.experiments
        else [""] * len(people)
    )
    return people.with_columns(
        pl.Series("name", named, dtype=pl.String),
        pl.Series("variant", variants, dtype=pl.String),
        pl.col("locale").replace_strict(
            list(locales), list(locales.values()), default=campaign.languages[0], return_dtype=pl.String
        ),
    ).with_columns(pl.when(pl.col("name").is_not_null()).then("avatar").alias("avatar"))


def _judge_people(people: pl.DataFrame, chosen: pl.DataFrame, campaign: Campaign) -> pl.DataFrame:
    """Decide for each customer between full deck, fallback deck and none."""
    selection = campaign.selection
    counts = chosen.group_by("customer_id").agg(pl.len().cast(pl.Int64).alias("highlights"))
    idle = (pl.col("events") == 0) & (selection.without_activity == "suppress")
    # A deck of two cards at most cannot hold three highlights, and one of none is no deck.
    some = min(selection.some_cards, selection.cards)
    limit = pl.when(pl.col("events") < selection.some_below).then(some).otherwise(selection.cards)
    needed = pl.max_horizontal(pl.lit(1), pl.min_horizontal(limit, pl.lit(selection.fallback_below)))
    full = (pl.col("highlights") >= needed) & (pl.col("events") >= selection.events_at_least)
    return (
        people.join(counts, on="customer_id", how="left")
        .with_columns(
            pl.col("highlights").fill_null(0),
            pl.when("opt_out")
            .then(pl.lit("opted_out"))
            .when(idle)
            .then(pl.lit("suppressed"))
            .otherwise(None)
            .alias("outcome"),
        )
        .with_columns(
            pl.when(pl.col("outcome").is_not_null())
            .then(None)
            .when(full)
            .then(pl.lit("full"))
            .otherwise(pl.lit("fallback"))
            .alias("deck"),
            pl.when("opt_out")
            .then(pl.lit("opted out"))
            .when(pl.col("outcome") == "suppressed")
            .then(pl.lit("no activity in the period"))
            .when(pl.col("events") == 0)
            .then(pl.lit("no activity in the period"))
            .when(pl.col("events") < selection.events_at_least)
            .then(
                pl.format("events in the period: {}, needed: {}", "events", pl.lit(selection.events_at_least))
            )
            .when(~full)
            .then(pl.format("highlights: {}, needed: {}", "highlights", needed))
            .otherwise(None)
            .alias("reason"),
        )
        .drop("opt_out")
    )
