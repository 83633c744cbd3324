"""Write the pages that are made from the code: `make docs`. A test holds that they are up to date."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from docs.examples import Example, compute_examples
from recap.campaign import Metric, campaign_schema
from recap.cli.app import app
from recap.metrics.registry import KINDS, MODELS

FOLDER = Path(__file__).resolve().parent


def metrics_page() -> str:
    """Make the catalogue of metric kinds."""
    lines = [
        "# Metric kinds",
        "",
        "Made from the code by `make docs`; do not edit by hand. Keys every metric has are in",
        "[campaign.md](campaign.md#metrics). Every example is computed on the made-up corner shop of",
        "`sample_data`, and shown for one of its customers.",
    ]
    examples = compute_examples()
    for name, kind in KINDS.items():
        lines += ["", f"## `{name}`", "", kind.definition, "", "| | |", "|---|---|"]
        lines += [f"| number | {kind.number} |", f"| detail | {kind.detail} |"]
        lines += [f"| family | `{kind.family}` |", f"| layout | `{kind.layout}` |"]
        gate = f"number at least {kind.least_number}, resting on at least {kind.least_rows} events"
        lines += [f"| gates of its own | {gate} |"]
        for key, info in kind.params.model_fields.items():
            if key not in Metric.model_fields and key != "kind":
                need = "required" if info.is_required() else "optional"
                lines.append(f"| key `{key}` | {need}: {info.description} |")
        lines += _show(examples[name])
    return "\n".join(lines) + "\n"


def _show(example: Example) -> Iterator[str]:
    value = example.value
    number = "none" if value.number is None else f"{value.number:.10g}"
    text = "" if value.text is None else f", text {value.text!r}"
    yield from ("", "```yaml", example.yaml, "```", "")
    rank = "" if value.rank is None else f", rank {value.rank} of {value.cohort}"
    given = f"the number {number}{text}, resting on {value.rows} events{rank}"
    yield f"gives customer `{example.customer_id}` {given}:"
    yield f"*{example.headline}*"
    yield from ("", "```json", example.detail, "```")


def commands_page() -> str:
    """Make the reference of commands from their own help."""
    lines = ["# Commands", "", "Made from the code by `make docs`; do not edit by hand."]
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="recap", terminal_width=90)
    for name, command in commands_of(group, context, "recap"):
        inner = typer.Context(command, info_name=name, terminal_width=90)
        lines += ["", f"## `{name}`", "", "```text", command.get_help(inner).rstrip(), "```"]
    return "\n".join(lines) + "\n"


def commands_of(group: Any, context: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Give every command with its whole name; of a group, those in it."""
    for name in group.list_commands(context):
        command, whole = group.get_command(context, name), f"{before} {name}"
        if hasattr(command, "list_commands"):
            yield from commands_of(command, context, whole)
        else:
            yield whole, command


def pages() -> Iterator[tuple[Path, str]]:
    """Give every page that is made: its file and its text."""
    yield FOLDER / "metrics.md", metrics_page()
    yield FOLDER / "commands.md", commands_page()
    schema = json.dumps(campaign_schema(MODELS), indent=2, ensure_ascii=False)
    yield FOLDER / "campaign.schema.json", schema + "\n"


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
    sys.exit(0)
