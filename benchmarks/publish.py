"""Publishing into a local object store, beside what its plain client does with the same files.

A server of S3's protocol on this machine, in a process of its own; the clients take turns. What is published
is small: it is the requests that count.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import s3fs
from botocore.config import Config

from recap.delivery.publishing.changes import Wish, find_changes
from recap.delivery.publishing.ledger import TargetLedger
from recap.delivery.publishing.people import People
from recap.delivery.publishing.send import Sender, crew
from recap.delivery.publishing.target import WORKERS, open_target
from recap.delivery.publishing.verify import verify

FILES = int(os.environ.get("RECAP_BENCH_FILES", "10000"))
EACH = 10
"""Files of a customer: nine pictures and a page."""
BYTES = 4_096
_SERVER = """
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


def bench_publish() -> Iterator[dict[str, Any]]:
    """Measure recap with all it does (ledger, order, comparing in the end), and two plain clients."""
    with tempfile.TemporaryDirectory(prefix="recap-") as folder, _server() as url:
        output = Path(folder)
        tokens = _make_site(output)
        boto = boto3.client("s3", config=Config(max_pool_connections=WORKERS))
        ways: dict[str, Callable[[str], object]] = {
            "recap": lambda bucket: _publish(output, tokens, f"s3://{bucket}/2026"),
            "boto3, as many threads": lambda bucket: _with_boto(boto, output, bucket),
            "s3fs, all at once": lambda bucket: _with_s3fs(url, output, bucket),
        }
        rates = {}
        for number, (way, put) in enumerate(ways.items()):
            bucket = f"pages-{number}"
            boto.create_bucket(Bucket=bucket)
            began = time.perf_counter()
            put(bucket)
            rates[way] = FILES / (time.perf_counter() - began)
            yield {"way": way, "files": FILES, "bytes": BYTES, "files_a_second": round(rates[way])}
        plain = max(rate for way, rate in rates.items() if way != "recap")
        yield {"recap_to_the_faster_client": round(rates["recap"] / plain, 2), "aim": 0.5}
        began = time.perf_counter()
        _publish(output, tokens, "s3://pages-0/2026")
        yield {
            "way": "recap, nothing changed",
            "files_a_second": round(FILES / (time.perf_counter() - began)),
        }


@contextmanager
def _server() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        known = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
        os.environ.update(known, AWS_ENDPOINT_URL=url)
        try:
            yield url
        finally:
            server.stdin.close()


def _make_site(output: Path) -> list[str]:
    tokens = [f"{_letters(number)}{'a' * 22}" for number in range(FILES // EACH)]
    for number, token in enumerate(tokens):
        folder = output / "cards" / token[:2] / token
        folder.mkdir(parents=True)
        for card in range(EACH - 1):
            (folder / f"{card:02d}-card.story.png").write_bytes(f"{number} {card}".encode().ljust(BYTES))
        (folder / "index.html").write_bytes(f"{number}".encode().ljust(BYTES))
    return tokens


def _letters(number: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(alphabet[number // 32**place % 32] for place in range(4))


def _publish(output: Path, tokens: list[str], url: str) -> None:
    people = People(dict.fromkeys(tokens, "en"), frozenset(tokens), len(tokens), 0, 0)
    wish = Wish(output, people, frozenset(), expired=False, notice=lambda *_: b"")
    target, ledger = open_target(url), TargetLedger(output, url)
    with crew(WORKERS) as pool:
        Sender(output, target, ledger, pool).send(find_changes(wish, ledger), lambda _: None)
        ledger.settle()
        assert not verify(target, ledger, (), pool)


def _with_boto(client: Any, output: Path, bucket: str) -> None:
    def put(file: Path) -> None:
        key = file.relative_to(output).as_posix()
        client.put_object(Bucket=bucket, Key=key, Body=file.read_bytes(), ContentType="image/png")

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(put, _site_files(output)))


def _with_s3fs(url: str, output: Path, bucket: str) -> None:
    system = s3fs.S3FileSystem(endpoint_url=url, skip_instance_cache=True)
    files = {f"{bucket}/{file.relative_to(output)}": file.read_bytes() for file in _site_files(output)}
    system.pipe(files, ContentType="image/png")


def _site_files(output: Path) -> list[Path]:
    return [file for file in (output / "cards").rglob("*") if file.is_file()]
