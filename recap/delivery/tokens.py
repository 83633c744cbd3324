"""The campaign's secret, and the opaque names made from it.

A token stands for a customer in every file name and link. It is stable for a customer within a campaign, and
without the secret nobody can tell whose it is, even with a list of all customers at hand.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal

from recap.delivery.disk import explaining, taking_turns, write_privately
from recap.errors import OutputError

VARIABLE = "RECAP_SECRET"
FILE = ".recap-secret"
REVOKED = ".recap-revoked"
TOKEN_LENGTH = 26
"""Characters of a token: 128 bits in base 32."""
TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")

_SHORTEST = 16


def campaign_secret(folder: Path, environ: Mapping[str, str], *, create: bool) -> bytes:
    """Return the secret: `RECAP_SECRET`, or the file `.recap-secret` in the campaign's folder.

    With `create`, a missing file is made (mode 0600, 256 random bits); runs that start at the same moment
    agree on one. Raises OutputError where the secret is missing, unreadable or too short.
    """
    if VARIABLE in environ:
        secret = environ[VARIABLE].strip().encode()
        if len(secret) < _SHORTEST:
            raise OutputError(
                f"{VARIABLE} is too short ({len(secret)} bytes): "
                f"give it at least {_SHORTEST} characters, or unset it to use the file {FILE}"
            )
        return secret
    path = folder / FILE
    if not path.exists():
        if not create:
            raise OutputError(
                f"there is no secret yet: {path} is made by the first `recap run`, or set {VARIABLE}"
            )
        with explaining(folder):
            _make_secret(path)
    return _read_secret(path)


def token_of(
    secret: bytes, campaign_id: str, customer_id: str, revoked: Collection[str] = frozenset()
) -> str:
    """Return the customer's token: 26 lower-case letters and digits, safe as a file name.

    HMAC-SHA256 (RFC 2104) of campaign and customer under the secret, the first 128 bits in base 32. Where
    that is among the `revoked`, the next of the customer's tokens.
    """
    return tokens_of(secret, campaign_id, customer_id, revoked)[-1]


def share_token_of(
    secret: bytes, campaign_id: str, customer_id: str, revoked: Collection[str] = frozenset()
) -> str:
    """Return the token of the customer's nameless rendition; neither token tells the other."""
    return tokens_of(secret, campaign_id, customer_id, revoked, purpose="recap-share")[-1]


def tokens_of(
    secret: bytes,
    campaign_id: str,
    customer_id: str,
    revoked: Collection[str] = frozenset(),
    *,
    purpose: Literal["recap-token", "recap-share"] = "recap-token",
) -> list[str]:
    """Return every token the customer has had, and last the one that is valid."""
    tokens: list[str] = []
    while not tokens or tokens[-1] in revoked:
        # The first is made without a number.
        turn = [str(len(tokens))] if tokens else []
        message = "\0".join((purpose, campaign_id, customer_id, *turn)).encode()
        digest = hmac.new(secret, message, hashlib.sha256).digest()[:16]
        tokens.append(base64.b32encode(digest).decode().rstrip("=").lower())
    return tokens


def read_revoked(folder: Path) -> frozenset[str]:
    """Return the tokens that are no longer to be used: the lines of `.recap-revoked` beside the campaign.

    Raises OutputError where the file cannot be read, or a line is no token.
    """
    path = folder / REVOKED
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(
            f"the list of revoked links {path} cannot be read ({error}): put it back"
        ) from error
    for number, line in enumerate(lines, 1):
        if not TOKEN.fullmatch(line):
            raise OutputError(
                f"{path}, entry {number}: that is no token; each line holds one, put back the file"
            )
    return frozenset(lines)


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise OutputError(
            f"the secret {path} cannot be read ({error.strerror}): "
            f"make it readable for this user, or set {VARIABLE}"
        ) from error
    if len(secret) < _SHORTEST:
        raise OutputError(
            f"the secret {path} is {'too short' if secret else 'empty'}: put back the one the pictures were "
            f"made with, or delete the file to have a new one made (every picture then gets a new name)"
        )
    return secret


def _make_secret(path: Path) -> None:
    # In turns, and not O_EXCL alone, so that nobody ever reads a secret that is half written.
    with taking_turns(path.parent):
        if not path.exists():
            write_privately(path, secrets.token_hex(32).encode() + b"\n")
