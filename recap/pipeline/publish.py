"""The story of publishing: what may be seen goes up, what may not goes down, and it is looked at again."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from recap.delivery.page import PageTemplates
from recap.delivery.publishing.changes import Wish, adopt, count_files, find_changes, find_departures
from recap.delivery.publishing.compare import Change
from recap.delivery.publishing.ledger import PUBLISHED, TargetLedger
from recap.delivery.publishing.people import check_whole, read_people
from recap.delivery.publishing.send import Sender, crew
from recap.delivery.publishing.site import place_of, token_in
from recap.delivery.publishing.target import WORKERS, Target, canonical_url, open_target
from recap.delivery.publishing.verify import verify
from recap.delivery.tables import OUTCOMES, OUTCOMES_SCHEMA, read_column
from recap.delivery.tokens import read_revoked
from recap.errors import CampaignError, OutputError, Problem, UsageError
from recap.pipeline.finished import finished_run
from recap.pipeline.left_out import left_out_now
from recap.pipeline.options import output_folder
from recap.pipeline.prepare import CampaignFile, open_looks
from recap.pipeline.progress import Clock, Listener


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What the command line may ask of a publishing."""

    to: str
    out: Path | None = None
    """The output folder of the campaign."""
    workers: int = WORKERS
    """Transfers at a time."""
    dry_run: bool = False
    strangers: bool = False
    """Also take down what is there under tokens that are not the campaign's."""


@dataclass(slots=True)
class Published:
    """What went on, or with `dry_run` would."""

    url: str
    customers: int = 0
    """Whose pages are up."""
    sent: int = 0
    """Files."""
    sent_bytes: int = 0
    kept: int = 0
    removed: int = 0
    notices: int = 0
    """Pages that say that there is none any more; they are not among the sent."""


def publish_campaign(
    file: CampaignFile, options: PublishOptions, listener: Listener, now: datetime
) -> Published:
    """Bring a target up to date with the output folder; safe to be broken off and begun again.

    Raises CampaignError or UsageError where there is nothing to publish or nowhere to, SourceError where the
    opt-outs cannot be read, and OutputError where the target cannot be used, or is not as it was left.
    """
    clock, output = Clock(listener), output_folder(file, options.out)
    if file.campaign.base_url is None:
        message = "pages must know where they will be seen: add `base_url: https://...`, run, then publish"
        raise file.placed(CampaignError([Problem(message, "base_url")]))
    with finished_run(file, output, "publish"):
        url = canonical_url(options.to)
        target = open_target(url, options.workers)
        _check_apart(target, output)
        with clock.step("reading"):
            wish = _wish(file, output, now, listener)
        with _ledger(output, url, options) as ledger, crew(options.workers) as pool:
            target.probe()
            if ledger.is_new or options.strangers:
                with clock.step("looking"):
                    _adopt(target, ledger, wish, options, listener)
            published = Published(url, 0 if wish.expired else wish.people.customers)
            gone: set[str] = set()
            departures = _counted(find_departures(wish, ledger), published, gone)
            changes = _counted(find_changes(wish, ledger), published, gone)
            if options.dry_run:
                with clock.step("comparing"):
                    _check_whole(wish)
                    for _ in chain(departures, changes):
                        pass
                return published
            sender = Sender(output, target, ledger, pool)
            # Who must go does not wait for what others lack.
            with clock.step("taking down"):
                sender.send(departures, lambda _: None)
            with clock.step("publishing"):
                _check_whole(wish)
                sender.send(changes, _progress(listener, count_files(wish)))
                ledger.settle()
            with clock.step("verifying"):
                wrong = verify(target, ledger, gone, pool)
                ledger.settle()
    _refuse_differences(url, wrong)
    return published


def _check_apart(target: Target, output: Path) -> None:
    folder, own = target.folder, output.resolve()
    if folder is not None and (folder == own or own in folder.parents):
        raise UsageError(f"--to {folder}: this is in the output folder itself; publish into another folder")


@contextmanager
def _ledger(output: Path, url: str, options: PublishOptions) -> Iterator[TargetLedger]:
    if not options.dry_run:
        yield TargetLedger(output, url)
        return
    # What the target lists is noted here too, but nothing is to be kept of it.
    with tempfile.TemporaryDirectory(prefix="recap-") as folder:
        if (output / PUBLISHED).is_dir():
            shutil.copytree(output / PUBLISHED, Path(folder, PUBLISHED))
        yield TargetLedger(Path(folder), url)


def _wish(file: CampaignFile, output: Path, now: datetime, listener: Listener) -> Wish:
    campaign = file.campaign
    revoked = read_revoked(file.folder)
    customers = read_column(output / OUTCOMES, OUTCOMES_SCHEMA, "customer_id")
    people = read_people(output, left_out_now(file, customers), revoked)
    for count, told in (
        (people.left_out, "asked to be left out since the run, and is not published"),
        (people.revoked, "has a revoked link: run again to make a new one"),
    ):
        if count:
            listener.warn(f"customers: {count} {told}")
    expires = campaign.page.expires
    expired = expires is not None and now.astimezone(ZoneInfo(campaign.time_zone)).date() > expires
    if expired:
        listener.warn(f"the pages ended on {expires} (page.expires): all are taken down")
    return Wish(output, people, revoked, expired, _notices(file))


def _check_whole(wish: Wish) -> None:
    if not wish.expired:
        check_whole(wish.output, wish.people)


def _notices(file: CampaignFile) -> Callable[[str | None, Literal["expired", "revoked"]], bytes]:
    @cache
    def pages() -> PageTemplates:
        # The look is loaded only where a page must go.
        return open_looks(file).of("").pages

    @cache
    def notice(locale: str | None, why: Literal["expired", "revoked"]) -> bytes:
        languages = file.campaign.languages
        # The run may have spoken a language that the campaign has no longer.
        spoken = locale if locale in languages else languages[0]
        return pages().render_gone(spoken, file.campaign.brand.name, why)

    return notice


def _adopt(
    target: Target, ledger: TargetLedger, wish: Wish, options: PublishOptions, listener: Listener
) -> None:
    passed = adopt(target, ledger, wish, strangers=options.strangers)
    if passed:
        listener.warn(
            f"{options.to} also has pages under {passed} tokens that are not this campaign's; they stay. "
            f"Give each campaign a target of its own; if they are of customers who are gone, use --strangers"
        )


def _counted(changes: Iterable[Change], published: Published, gone: set[str]) -> Iterator[Change]:
    for change in changes:
        for upload in change.uploads:
            if upload.content is not None:
                published.notices += 1
            else:
                published.sent += 1
                published.sent_bytes += upload.size
        published.kept += change.kept
        published.removed += len(change.removals)
        gone.update(
            token for path in change.removals if (token := token_in(place_of(path) or "")) is not None
        )
        yield change


def _progress(listener: Listener, total: int) -> Callable[[int], None]:
    done = 0

    def advance(files: int) -> None:
        nonlocal done
        done += files
        # What is taken down is no part of the total.
        listener.pictures(min(done, total), total)

    return advance


def _refuse_differences(url: str, wrong: Mapping[str, str]) -> None:
    if not wrong:
        return
    path, what = min(wrong.items())
    raise OutputError(
        f"{url}: {len(wrong)} files are not as they were left, such as {path} ({what}): publish again"
    )
