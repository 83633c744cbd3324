"""The story of a run, on one screen."""

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from recap.delivery.assets import drop_assets, write_assets
from recap.delivery.folder import OutputFolder, open_output
from recap.delivery.pictures import customer_folder
from recap.delivery.report import write_report
from recap.delivery.tables import MANIFEST_SCHEMA, OUTCOMES_SCHEMA, write_run
from recap.delivery.tokens import FILE as SECRET_FILE
from recap.delivery.tokens import VARIABLE as SECRET_VARIABLE
from recap.delivery.tokens import campaign_secret, read_revoked
from recap.errors import BrowserError, OutputError, RecapError
from recap.metrics.results import write_values
from recap.pipeline.audit import audit_computed, refuse_differences
from recap.pipeline.cut import make_shards
from recap.pipeline.doubts import find_doubts
from recap.pipeline.draw import Drawn, Job, WorkerFactory, outcome_row, pack_campaign
from recap.pipeline.options import Options, expected_pictures, output_folder
from recap.pipeline.prepare import CampaignFile, Prepared, open_looks, prepare
from recap.pipeline.progress import Clock, Listener
from recap.pipeline.seating import find_dropped, seat_people
from recap.pipeline.shards import Shard
from recap.pipeline.trial import choose_trial
from recap.pipeline.versions import versions
from recap.render.browser import find_browser
from recap.render.pool import Done, Failed, Pool, Task
from recap.render.system_fonts import digest_system_fonts
from recap.shipped import shipped_folder
from recap.sources.rejects import write_rejects

log = logging.getLogger("recap.run")
TRIED = 120
"""About so many pictures make a shard of the trial, which all workers share."""
OUTCOMES = ("rendered", "fallback", "suppressed", "opted_out", "failed")


@dataclass(slots=True)
class Tally:
    """What came of the run so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    cards: int = 0
    pictures: int = 0
    shards: list[str] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    """The first token with a page."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended."""

    folder: Path
    run: Mapping[str, Any]
    """The content of `run.json`."""
    tolerated: bool
    """Whether the failures are within what the campaign tolerates."""
    page: Path | None
    """Somebody's page, to look at; None where nobody has one."""


def run_campaign(
    file: CampaignFile, options: Options, listener: Listener, frames: Mapping[str, Any] | None = None
) -> Report:
    """Read, compute, choose, draw, deliver. Raises a RecapError; what is finished then stays finished."""
    campaign, clock = file.campaign, Clock(listener)
    started = datetime.now(UTC)
    looks = open_looks(file)
    doubts = find_doubts(campaign, looks, started.date())
    browser = find_browser(os.environ)
    job = Job(
        campaign=pack_campaign(campaign),
        folder=file.folder.resolve(),
        browser=browser,
        system_fonts=digest_system_fonts(),
        # A canvas is drawn at the size of the page.
        engine=options.engine if campaign.look.scale == 1 else "exact",
        fail_fast=options.fail_fast,
    )
    folder = output_folder(file, options.out)
    for doubt in doubts:
        listener.warn(doubt)
    with open_output(folder) as output:
        # Only now: until the folder was ours, somebody may have revoked a link in it.
        revoked = read_revoked(file.folder)
        if SECRET_VARIABLE in os.environ or (file.folder / SECRET_FILE).exists():
            existing = campaign_secret(file.folder, os.environ, create=False)
            output.verify_secret(existing, campaign.id, revoked)
        with prepare(
            file, clock, listener, scratch=output.scratch, frames=frames, memory_limit=options.memory_limit
        ) as prepared:
            audited = _audit(prepared, options, clock, listener, output.scratch, frames)
            # Made only now: a run that stops before it leaves nothing behind.
            secret = campaign_secret(file.folder, os.environ, create=True)
            output.verify_secret(secret, campaign.id, revoked)
            people = seat_people(prepared, options, secret, revoked)
            digests = [pages.digest for pages in looks.pages()]
            for pages in looks.pages():
                write_assets(folder, pages.digest, pages.assets())
            with clock.step("drawing"):
                tally = _draw(prepared, people, job, output, options, listener)
            with clock.step("delivering"):
                with output.replace("values.parquet") as path:
                    write_values(prepared.connection, path)
                with output.replace("rejects.parquet") as path:
                    write_rejects(prepared.connection, path)
                dropped = find_dropped(prepared, people, secret, revoked)
                output.finish(tally.shards, keep_others=options.partial, dropped=dropped)
                if not options.partial:
                    drop_assets(folder, digests)
            for warning in prepared.spread.warnings():
                listener.warn(warning)
        run = _describe(file, prepared, tally, clock, started, job) | audited
        run |= {"selection": prepared.spread.by_metric(), "policy": _describe_policy(prepared)}
        run["warnings"] += [*prepared.spread.warnings(), *doubts]
        write_run(folder, run)
        write_report(folder, run, shipped_folder("templates") / "report")
    failed = tally.outcomes["failed"]
    tolerated = failed <= campaign.tolerance.failures * len(people)
    page = folder / customer_folder(tally.first) / "index.html" if tally.first else None
    return Report(folder, run, tolerated, page)


def _audit(
    prepared: Prepared,
    options: Options,
    clock: Clock,
    listener: Listener,
    scratch: Path,
    frames: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Recompute as many customers as were asked for, and give what `run.json` says of it.

    Raises AuditError on any difference.
    """
    if options.audit is None:
        return {}
    report = audit_computed(
        prepared.file,
        prepared.connection,
        clock,
        listener,
        sample=options.audit,
        scratch=scratch,
        frames=frames,
    )
    refuse_differences(report)
    return {
        "audit": {
            "customers": report.customers,
            "values": report.values,
            "unaudited": dict(report.unaudited),
        }
    }


def _draw(
    prepared: Prepared,
    people: pl.DataFrame,
    job: Job,
    output: OutputFolder,
    options: Options,
    listener: Listener,
) -> Tally:
    """Draw shard by shard; each becomes visible as a whole."""
    tally, total = Tally(), expected_pictures(prepared, people)
    done = 0

    def advance(pictures: int) -> None:
        nonlocal done
        done += pictures
        listener.pictures(done, total)

    def tasks(exactly: Mapping[tuple[str, str], str]) -> Iterator[Task[Shard]]:
        for shard in make_shards(prepared, people):
            yield Task(shard.name, _staged(replace(shard, exactly=exactly), output, options))

    def trials() -> Iterator[Task[Shard]]:
        for shard in make_shards(prepared, choose_trial(prepared.chosen, people), TRIED):
            yield Task(f"trial {shard.name}", _known(replace(shard, is_trial=True), output, options))

    def split(shard: Shard) -> list[Shard]:
        place = _known if shard.is_trial else _staged
        return [place(half, output, options) for half in shard.halves()]

    listener.pictures(0, total)
    workers = options.workers or os.cpu_count() or 1
    fatal = (BrowserError, OutputError)
    with Pool(WorkerFactory(job), workers, split=split, fatal=fatal, on_progress=advance) as pool:
        differences: dict[tuple[str, str], set[str]] = {}
        for tried in pool.run(trials() if job.engine == "fast" else (), more=True):
            for template, difference in tried.result.differences.items() if isinstance(tried, Done) else ():
                differences.setdefault(template, set()).add(difference)
        # Of several the first by name, whichever worker was faster.
        for result in pool.run(
            tasks({template: min(told) for template, told in sorted(differences.items())})
        ):
            _commit(result, output, tally, options)
    listener.pictures(tally.pictures, tally.pictures)
    for warning in _drawing_warnings(tally)[:5]:
        listener.warn(warning)
    return tally


def _staged(shard: Shard, output: OutputFolder, options: Options) -> Shard:
    return replace(_known(shard, output, options), staging=output.stage(shard.name))


def _known(shard: Shard, output: OutputFolder, options: Options) -> Shard:
    known = {} if options.fresh else output.known([person.token for person in shard.people])
    return replace(shard, known=known)


def _commit(
    result: Done[Shard, Drawn] | Failed[Shard], output: OutputFolder, tally: Tally, options: Options
) -> None:
    shard = result.task.payload
    if isinstance(result, Done):
        drawn = result.result
    elif options.fail_fast:
        # Of an error that nobody foresaw its class only, which ends the trace: its words may be a customer's.
        raise RecapError(result.trace.rpartition("\n")[2] or result.reason)
    else:
        # The reason may hold a customer's words, which are for the outcomes and not for a log.
        log.error("shard %s could not be drawn; the outcomes say why\n%s", shard.name, result.trace)
        drawn = Drawn(outcomes=[outcome_row(person, "failed", result.reason, 0) for person in shard.people])
    output.commit(
        shard.name,
        pa.Table.from_pylist(drawn.pictures, schema=MANIFEST_SCHEMA),
        pa.Table.from_pylist(drawn.outcomes, schema=OUTCOMES_SCHEMA),
    )
    tally.shards.append(shard.name)
    tally.outcomes.update(row["outcome"] for row in drawn.outcomes)
    tally.cards += sum(row["cards"] for row in drawn.outcomes)
    tally.pictures += len(drawn.pictures)
    tally.problems.update(drawn.problems)
    firsts = (tally.first, *(row["token"] for row in drawn.pictures))
    tally.first = min((token for token in firsts if token), default=None)


def _drawing_warnings(tally: Tally) -> list[str]:
    """Tell what the pages of this run's fresh cards complained of, the commonest first."""
    return [
        f"{problem} ({count} of {tally.pictures} pictures)"
        for problem, count in tally.problems.most_common(50)
    ]


def _describe_policy(prepared: Prepared) -> dict[str, Any]:
    tone, spread = prepared.choosing.tone, prepared.spread
    return {
        "version": tone.policy.version,
        "topics_version": tone.topics.version,
        "held_back": dict(spread.held_back.most_common()),
        "neutral": spread.neutral,
    }


def _describe(
    file: CampaignFile, prepared: Prepared, tally: Tally, clock: Clock, started: datetime, job: Job
) -> dict[str, Any]:
    """Put together `run.json`."""
    campaign = file.campaign
    return {
        "campaign": campaign.id,
        "base_url": campaign.base_url,
        "period": {"first_day": str(campaign.period.start), "last_day": str(campaign.period.end)},
        "started": started.isoformat(timespec="seconds"),
        "seconds": clock.seconds,
        "customers": sum(tally.outcomes.values()),
        "outcomes": {name: tally.outcomes[name] for name in OUTCOMES},
        "cards": tally.cards,
        "pictures": tally.pictures,
        "rows": asdict(prepared.opened.rows),
        "forgotten": prepared.opened.forgotten,
        "browser": {"path": str(job.browser.path), "version": job.browser.version},
        "versions": versions(),
        "warnings": [*prepared.opened.warnings, *_drawing_warnings(tally)],
    }
