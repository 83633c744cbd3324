"""How the drivers of object stores differ: options, headers, checksums and errors.

Credentials are taken as each driver takes them, from the environment and its own files.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from recap.delivery.publishing.site import Served


@dataclass(frozen=True, slots=True)
class Driver:
    """A kind of target, and what is peculiar to it."""

    protocol: str
    """As fsspec calls it."""
    package: str
    extra: str
    """What to install recap with, as in `recap[s3]`."""
    options: Callable[[int], dict[str, Any]]
    """For the file system, given how many transfers go on at a time."""
    headers: Callable[[Served], dict[str, Any]]
    """For `pipe_file`: how content type and caching are said."""
    md5: Callable[[Mapping[str, Any]], str | None]
    """Read the MD5 in hexadecimal out of a listed object, where the store tells it."""
    errors: tuple[str, ...] = ()
    """What is raised besides OSError when a request fails."""
    is_persistent: bool = False
    """Whether the driver itself tries again what failed."""

    def error_classes(self) -> tuple[type[Exception], ...]:
        """Import what may be raised."""
        modules = [name.rpartition(".") for name in self.errors]
        return (OSError, *(getattr(import_module(module), name) for module, _, name in modules))


def _s3_options(workers: int) -> dict[str, Any]:
    # One who tries again is enough, and the target tells better what became of it.
    config = {"retries": {"max_attempts": 0}, "max_pool_connections": workers, "connect_timeout": 10}
    return {"config_kwargs": config, "use_listings_cache": False}


def _s3_md5(info: Mapping[str, Any]) -> str | None:
    tag = str(info.get("ETag", "")).strip('"')
    # Of an object put in parts it is no MD5, and has a dash.
    return tag if len(tag) == 32 and "-" not in tag else None


def _gcs_md5(info: Mapping[str, Any]) -> str | None:
    return base64.b64decode(info["md5Hash"]).hex() if info.get("md5Hash") else None


def _azure_md5(info: Mapping[str, Any]) -> str | None:
    digest = (info.get("content_settings") or {}).get("content_md5")
    return bytes(digest).hex() if digest else None


FOLDER = Driver("file", "fsspec", "", lambda _: {}, lambda _: {}, lambda _: None)

_S3 = Driver(
    "s3",
    "s3fs",
    "s3",
    _s3_options,
    lambda served: {"ContentType": served.content_type, "CacheControl": served.cache},
    _s3_md5,
    ("botocore.exceptions.BotoCoreError", "botocore.exceptions.ClientError", "aiohttp.ClientError"),
)
_GCS = Driver(
    "gcs",
    "gcsfs",
    "gcs",
    lambda _: {"use_listings_cache": False},
    lambda served: {
        "content_type": served.content_type,
        "fixed_key_metadata": {"cache_control": served.cache},
    },
    _gcs_md5,
    (
        "gcsfs.retry.HttpError",
        "gcsfs.retry.ChecksumError",
        "google.auth.exceptions.GoogleAuthError",
        "requests.exceptions.RequestException",
        "aiohttp.ClientError",
    ),
    is_persistent=True,
)
_AZURE = Driver(
    "abfs",
    "adlfs",
    "azure",
    lambda _: {"use_listings_cache": False},
    lambda served: {"content_settings": {"content_type": served.content_type, "cache_control": served.cache}},
    _azure_md5,
    ("azure.core.exceptions.AzureError",),
    is_persistent=True,
)

STORES = {"s3": _S3, "gs": _GCS, "az": _AZURE}
"""By the beginning of an address; one each, for a target has one name."""
