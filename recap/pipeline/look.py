"""What turns a deck into pages: theme, templates and wording, loaded once and checked first."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from json import dumps
from pathlib import Path

from recap import __version__
from recap.campaign import Campaign, Metric, did_you_mean
from recap.delivery.page import PageTemplates
from recap.errors import CampaignError, Problem, TemplateError
from recap.metrics.facts import Facts
from recap.metrics.registry import kind_of
from recap.render.avatars import Avatars
from recap.render.contrast import contrast_problems
from recap.render.engine import Document
from recap.render.pictures import PictureFolder
from recap.render.sandbox import CardEnvironment
from recap.render.templates import CardTemplates, check_layouts
from recap.render.theme import load_theme, read_layouts
from recap.render.theme_file import theme_folders
from recap.selection.deck import Deck
from recap.selection.rules import fields_named
from recap.selection.tone import Tone, load_topics
from recap.selection.variants import in_variant
from recap.shipped import shipped_folder
from recap.wording import Card, Lexicon, load_lexicons, phrase_deck
from recap.wording.catalogue import KINDS
from recap.wording.question import QUESTION

FRAME_LAYOUTS = ("cover", "summary", "fallback")


@dataclass(frozen=True, slots=True)
class Look:
    """A campaign's theme, words and tone, ready for use."""

    campaign: Campaign
    templates: CardTemplates
    lexicons: dict[str, Lexicon]
    tone: Tone
    pictures: dict[str, PictureFolder]
    """By metric, where it has a folder of them."""
    avatars: Avatars
    pages: PageTemplates
    """Of the customer's page."""

    def cards(self, deck: Deck, *, asking: bool = True) -> tuple[Card, ...]:
        """Put a deck into words, with the pictures of what is listed and of whom it is for.

        Without `asking`, cards of the layout `question` tell instead.
        """
        facts = facts_of(deck, self.campaign, self.tone)
        lexicon = self.lexicons[deck.customer.locale]
        cards = phrase_deck(deck, facts, self.campaign, lexicon, asking=asking)
        return tuple(self._with_pictures(card, deck.customer.avatar) for card in cards)

    def _with_pictures(self, card: Card, avatar: str | None) -> Card:
        # A face tells who somebody is as a name does: without the one there is not the other.
        if avatar and card.customer and card.layout == "cover":
            return replace(card, avatar=self.avatars.of(avatar))
        folder = self.pictures.get(card.metric or "")
        if folder is None or not card.rows:
            return card
        return replace(card, rows=tuple(replace(row, picture=folder.of(row.name)) for row in card.rows))

    def document(self, card: Card) -> Document:
        """Make the page of a card."""
        return self.templates.document(card)

    def fingerprint(self, card: Card, engine: str, browser: str, system_fonts: str) -> str:
        """Digest everything that decides what a card's pictures look like and what the manifest says of them.

        `engine` is what draws them, `browser` its version. The machine's fonts count only for cards with
        characters that the theme's own fonts do not draw.
        """
        theme = self.templates.theme
        words = dumps(asdict(card), ensure_ascii=False, sort_keys=True)
        fonts = "" if theme.covers(words) else system_fonts
        scale = [f"at {self.campaign.look.scale}"] if self.campaign.look.scale > 1 else []
        parts = [words, theme.name, theme.digest, fonts, engine, browser, __version__, *scale]
        return sha256("\0".join(parts).encode()).hexdigest()


def load_look(campaign: Campaign, folder: Path) -> Look:
    """Load theme and wording of a campaign whose file lies in `folder`.

    Raises CampaignError with everything that is wrong with theme, templates and sentences, and with layouts
    that metrics ask for and the theme does not have.
    """
    shipped = shipped_folder("templates")
    problems: list[Problem] = []
    templates, lexicons = None, None
    try:
        templates = _load_templates(campaign, (folder, shipped))
        _check_layouts(campaign, templates.layouts)
    except TemplateError as error:
        problems += (Problem(line, "look.theme") for line in str(error).splitlines())
    except CampaignError as error:
        problems += error.problems
    scale = campaign.look.scale
    pictures = {m.id: PictureFolder(folder / m.pictures, scale) for m in campaign.metrics if m.pictures}
    for place, metric in enumerate(campaign.metrics):
        if metric.pictures and not (folder / metric.pictures).is_dir():
            problems.append(Problem(f"there is no folder {metric.pictures!r}", f"metrics.{place}.pictures"))
    faces = campaign.customers.avatars if campaign.customers else None
    if faces and not (folder / faces).is_dir():
        problems.append(Problem(f"there is no folder {faces!r}", "customers.avatars"))
    try:
        lexicons = load_lexicons(campaign, shipped / "wording")
    except TemplateError as error:
        problems += map(_of_campaign, str(error).splitlines())
    except CampaignError as error:
        problems += error.problems
    if problems or templates is None or lexicons is None:
        raise CampaignError(problems)
    pages = PageTemplates(templates.theme, lexicons)
    avatars = Avatars(folder / faces if faces else None, scale)
    return Look(campaign, templates, lexicons, load_tone(campaign), pictures, avatars, pages)


def _load_templates(campaign: Campaign, search: Sequence[Path]) -> CardTemplates:
    """Load the theme. Raises TemplateError with all that is wrong with file and layouts, a line each."""
    try:
        theme = load_theme(campaign.look.theme, search=search, tokens=campaign.look.tokens)
    except TemplateError as error:
        told = [str(error)]
        with suppress(TemplateError):
            folders = theme_folders(campaign.look.theme, search)
            told += check_layouts(CardEnvironment(read_layouts(folders, search[-1])))
        raise TemplateError("\n".join(told)) from error
    return CardTemplates(theme)


def _of_campaign(told: str) -> Problem:
    """Read where in the campaign the wording found a problem; what is in its own files is for `languages`."""
    own = re.match(r"campaign ([\w.]+): (.*)", told)
    return Problem(own[2], own[1]) if own else Problem(told, "languages")


def load_tone(campaign: Campaign) -> Tone:
    """Make a campaign's policy ready to be asked."""
    return Tone(campaign.policy, load_topics(shipped_folder("templates") / "policy"))


@dataclass(slots=True)
class Looks:
    """The looks of a campaign's variants, each loaded when it is first asked for."""

    campaign: Campaign
    folder: Path
    _by_variant: dict[str, Look] = field(default_factory=dict)
    _loaded: dict[str, Look] = field(default_factory=dict)

    def of(self, variant: str) -> Look:
        """Give the look of a variant; the campaign's own is that of ''."""
        if variant not in self._by_variant:
            self._by_variant[variant] = self.load(in_variant(self.campaign, variant))
        return self._by_variant[variant]

    def load(self, campaign: Campaign) -> Look:
        """Load the look of the campaign with other words or another theme. Raises as `load_look` does."""
        # Many variants look and speak alike, and differ by weights only.
        key = dumps([campaign.look.theme, campaign.words], ensure_ascii=False, sort_keys=True)
        if key not in self._loaded:
            self._loaded[key] = load_look(campaign, self.folder)
        return self._loaded[key]

    def pages(self) -> list[PageTemplates]:
        """List what the pages of the looks loaded so far are made with."""
        return list({look.pages.digest: look.pages for look in self._loaded.values()}.values())

    def warnings(self) -> list[str]:
        """Say which colours of the looks loaded so far are too close to be read."""
        themes = {look.templates.theme.digest: look.templates.theme for look in self._loaded.values()}
        return [problem for theme in themes.values() for problem in contrast_problems(theme)]


def _check_layouts(campaign: Campaign, layouts: Sequence[str]) -> None:
    problems = []
    for index, metric in enumerate(campaign.metrics):
        layout = metric.layout or kind_of(metric).layout
        if layout in FRAME_LAYOUTS:
            message = f"the layout {layout!r} is for the cards around the highlights; choose another"
            problems.append(Problem(message, f"metrics.{index}.layout"))
        elif layout not in layouts:
            message = f"theme {campaign.look.theme!r} has no layout {layout!r}{did_you_mean(layout, layouts)}"
            problems.append(Problem(message, f"metrics.{index}.layout"))
        elif metric.layout == QUESTION and (why := _why_not_asked(metric)):
            problems.append(Problem(why, f"metrics.{index}.layout"))
    problems += [
        Problem(f"theme {campaign.look.theme!r} lacks the layout {name!r}", "look.theme")
        for name in FRAME_LAYOUTS
        if name not in layouts
    ]
    if problems:
        raise CampaignError(problems)


def _why_not_asked(metric: Metric) -> str:
    """Say why no card can ask for a metric's first; nothing where one can."""
    kind = KINDS.get(metric.kind)
    if kind is None or not kind.has_list:
        kinds = ", ".join(sorted(name for name, other in KINDS.items() if other.has_list))
        return f"{QUESTION!r} asks for the first of a list, and {metric.kind!r} has none; use it for {kinds}"
    if getattr(metric, "limit", 2) < 2:
        return f"{QUESTION!r} needs something to choose from; set `limit` to 2 or more"
    return ""


def facts_of(deck: Deck, campaign: Campaign, tone: Tone) -> list[Facts]:
    """Say what each highlight of a deck means, without labels that the policy holds back."""
    metrics = {metric.id: metric for metric in campaign.metrics}
    told = [(metrics[h.value.metric], h.value) for h in deck.highlights]
    return [
        tone.redact(kind_of(metric).facts(metric, value, campaign.period), fields_named(metric))
        for metric, value in told
    ]
