"""A campaign to start from: a shipped example with its data, ready to run and to change."""

import json
import re
import shutil
from pathlib import Path

from recap.campaign import campaign_schema, did_you_mean
from recap.errors import OutputError, UsageError
from recap.metrics.registry import MODELS
from recap.shipped import shipped_folder

MODELINE = "# yaml-language-server: $schema=campaign.schema.json\n"


def start_campaign(folder: Path, example: str) -> Path:
    """Copy an example's campaign and data into `folder`; return the campaign file.

    Raises UsageError where there is no such example or the folder is not empty, OutputError where
    it cannot be written.
    """
    data = shipped_folder("sample_data")
    names = sorted(path.name for path in data.iterdir() if (path / "events.parquet").is_file())
    if example not in names:
        raise UsageError(f"there is no example {example!r}{did_you_mean(example, names)}")
    target = folder / "campaign.yaml"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and not empty; choose a new or empty folder")
    text = (shipped_folder("examples") / example / "campaign.yaml").read_text(encoding="utf-8")
    # The example finds its data beside the examples; the copy has them in its own folder.
    text = re.sub(rf"(?:\.\./)+sample_data/{example}/", "data/", text)
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        for source in sorted((data / example).glob("*.parquet")):
            shutil.copyfile(source, folder / "data" / source.name)
        schema = json.dumps(campaign_schema(MODELS), indent=2, ensure_ascii=False)
        (folder / "campaign.schema.json").write_text(schema + "\n", encoding="utf-8")
        target.write_text(text if text.startswith("# yaml-") else MODELINE + text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}; choose another folder") from error
    return target
