"""Made-up activity for benchmarks, made once and kept in the temporary folder."""

import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from sample_data.generate import BUSINESSES, generate

SEED = 2026


def made_up(business: str, customers: int) -> tuple[Path, int]:
    """Return the folder of a business's `events.parquet` and `customers.parquet`, and its events."""
    folder = Path(tempfile.gettempdir()) / "recap-benchmarks" / f"{business}-{customers}-{SEED}"
    if not (folder / "customers.parquet").exists():
        generate(BUSINESSES[business](), customers=customers, seed=SEED, folder=folder)
    return folder, pq.ParquetFile(folder / "events.parquet").metadata.num_rows


def on_data(business: str, folder: Path) -> tuple[Path, list[str]]:
    """Return the example campaign of a business, and the overrides that make it read `folder`."""
    campaign = Path(__file__).resolve().parent.parent / "examples" / business
    return campaign, [
        f"sources.path={folder / 'events.parquet'}",
        f"customers.path={folder / 'customers.parquet'}",
    ]
