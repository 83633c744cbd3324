"""Publishing into an object store: a real server of S3's protocol on this machine, which also breaks off."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from made_up_runs import people
from made_up_site import Site
from moto.server import ThreadedMotoServer

from recap.delivery.publishing import target as targets
from recap.delivery.publishing import verify as verifying
from recap.delivery.publishing.ledger import forget_tokens, published_tokens
from recap.delivery.publishing.site import served
from recap.delivery.publishing.target import Target
from recap.errors import OutputError

TWO = people(2, shares=True)
TO = "s3://pages/2026"
Client = Any


class Store:
    """The server; what it holds outlives its stops."""

    def __init__(self) -> None:
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        _, self._port = self._server.get_host_and_port()

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    store = Store()
    yield store
    store.stop()


@pytest.fixture
def store(server: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Point every driver at the server, as a user does: by the environment. Nobody waits between attempts."""
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "made up",
        "AWS_SECRET_ACCESS_KEY": "made up",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(targets, "PAUSES", (0, 0, 0))
    return server


@pytest.fixture(scope="module")
def any_client(server: Store) -> Iterator[Client]:
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="made up",
        aws_secret_access_key="made up",
    )
    yield client
    client.close()


@pytest.fixture
def client(store: Store, any_client: Client) -> Iterator[Client]:
    """Give a client that is not recap's, and a bucket with somebody's file in it."""
    any_client.create_bucket(Bucket="pages")
    any_client.put_object(Bucket="pages", Key="2026/robots.txt", Body=b"somebody's")
    yield any_client
    for key in objects(any_client, ""):
        any_client.delete_object(Bucket="pages", Key=key)
    any_client.delete_bucket(Bucket="pages")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Site(tmp_path_factory.mktemp("made") / "campaign").make(TWO).folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Site:
    return Site(shutil.copytree(made, tmp_path / "campaign"))


def objects(client: Client, prefix: str = "2026/") -> dict[str, int]:
    listed = client.list_objects_v2(Bucket="pages", Prefix=prefix).get("Contents", ())
    return {found["Key"]: found["Size"] for found in listed}


def contents(client: Client) -> dict[str, bytes]:
    """Everything below the prefix but somebody's file."""
    keys = [key for key in objects(client) if key != "2026/robots.txt"]
    return {
        key.removeprefix("2026/"): client.get_object(Bucket="pages", Key=key)["Body"].read() for key in keys
    }


def test_the_bucket_holds_the_site(site: Site, client: Client) -> None:
    """Every file with its content, type and caching; a second time nothing is sent; what is gone goes."""
    site.publish(TO)
    assert contents(client) == site.files()
    for kind in ("index.html", "01.html", ".png", ".css", ".woff2"):
        path = next(path for path in site.files() if path.endswith(kind))
        head = client.head_object(Bucket="pages", Key=f"2026/{path}")
        assert (head["ContentType"], head["CacheControl"]) == (served(path).content_type, served(path).cache)
    assert site.publish(TO).sent == 0
    site.opt_out(TWO[0])
    assert site.publish(TO).removed == 8
    assert not [key for key in objects(client) if TWO[0].token in key]
    assert "2026/robots.txt" in objects(client)
    assert forget_tokens(site.out, [TWO[1].token], [TO]) == 4
    assert published_tokens(site.out) == {TWO[1].share_token}


def test_with_a_lost_ledger_only_differences_are_sent(site: Site, client: Client) -> None:
    """The store tells checksums: what is there unchanged is left, a changed file of the same size is not."""
    site.publish(TO)
    shutil.rmtree(site.out / "published")
    picture = min(path for path in site.files() if path.endswith(".png"))
    size = len(site.files()[picture])
    client.put_object(Bucket="pages", Key=f"2026/{picture}", Body=b"x" * size)
    assert site.publish(TO).sent == 1
    assert contents(client) == site.files()


def test_what_did_not_arrive_as_it_was_is_told(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that loses a file and spoils another, of the same size, is found out and believed no longer."""
    put = Target.put
    lost, spoilt, *_ = sorted(path for path in site.files() if path.endswith(".png"))

    def unreliable(self: Target, path: str, data: bytes, how: Any) -> None:
        if path != lost:
            put(self, path, data[::-1] if path == spoilt else data, how)

    with monkeypatch.context() as patch:
        patch.setattr(Target, "put", unreliable)
        with pytest.raises(OutputError, match=rf"2 files are not .* such as {lost} \(it is not there\)"):
            site.publish(TO)
    assert site.publish(TO).sent == 2
    assert contents(client) == site.files()


def test_a_store_whose_checksums_are_none_of_the_content(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with some encryption: some files are read back whole, and where they are right all are believed."""
    find, read = Target.list_files, Target.read
    asked: list[str] = []

    def encrypted(self: Target, prefix: str) -> dict[str, targets.Listed]:
        return {path: targets.Listed(found.bytes, "0" * 32) for path, found in find(self, prefix).items()}

    def counted(self: Target, path: str) -> bytes | None:
        asked.append(path)
        return read(self, path)

    monkeypatch.setattr(Target, "list_files", encrypted)
    monkeypatch.setattr(Target, "read", counted)
    monkeypatch.setattr(verifying, "SAMPLE", 4)
    site.publish(TO)
    assert len(asked) == 4


def breaking_off(monkeypatch: pytest.MonkeyPatch, after: int, how: Callable[[], None]) -> list[str]:
    """Let something happen before the put that comes after so many; give the paths that were put."""
    put, done = Target.put, []

    def counted(self: Target, path: str, data: bytes, kind: Any) -> None:
        if len(done) == after:
            how()
        put(self, path, data, kind)
        done.append(path)

    monkeypatch.setattr(Target, "put", counted)
    return done


def test_the_server_goes_down_half_way(
    site: Site, client: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends with exit code 1; the pages that are up are whole, and the next time only the rest is sent."""
    with monkeypatch.context() as patch:
        done = breaking_off(patch, 11, store.stop)
        try:
            with pytest.raises(
                OutputError, match=r"cannot be reached, or broke off, also when tried again"
            ) as end:
                site.publish(TO, workers=1)
        finally:
            store.start()
    assert end.value.exit_code == 1
    assert set(contents(client)) == set(done)
    assert len(done) == 11
    rest = len(site.files()) - 11
    assert site.publish(TO).sent == rest
    assert contents(client) == site.files()


def test_targets_that_cannot_be_used(site: Site, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such bucket, nobody there, no credentials: each is told, with what to do, also by a dry run."""
    with pytest.raises(OutputError, match=r"s3://nowhere/x: there is no such bucket .*: create it"):
        site.publish("s3://nowhere/x", dry_run=True)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(OutputError, match="s3://pages/2026: cannot be reached"):
        site.publish(TO)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(OutputError, match="no credentials"):
        site.publish(TO)
    assert not (site.out / "published").exists()
