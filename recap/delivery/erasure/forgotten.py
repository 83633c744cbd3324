"""The customers who were forgotten: a keyed hash of each, beside the campaign, and nothing else.

Without the campaign's secret nobody can tell whether somebody is among them, even with a list of all
customers at hand.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from recap.delivery.erasure.lines import add_lines
from recap.delivery.tokens import FILE, VARIABLE, campaign_secret
from recap.errors import OutputError

FORGOTTEN = ".recap-forgotten"
MARK = re.compile(r"[0-9a-f]{64}")


def mark_of(secret: bytes, campaign_id: str, customer_id: str) -> str:
    """Return what is kept of a forgotten customer: HMAC-SHA256 (RFC 2104) under the secret, in hex."""
    message = "\0".join(("recap-forgotten", campaign_id, customer_id)).encode()
    return hmac.digest(secret, message, hashlib.sha256).hex()


def remember_forgotten(folder: Path, secret: bytes, campaign_id: str, customer_id: str) -> None:
    """Add a customer to `.recap-forgotten`, durably.

    Raises OutputError where that cannot be written, or holds others under another secret: both in one list,
    and no run would know any more that it cannot recognise the others.
    """
    _check_secret(folder, _read_marks(folder), secret)
    # Of nobody in no campaign: by this line a later run knows that it has the secret of the others.
    add_lines(folder / FORGOTTEN, [mark_of(secret, "", ""), mark_of(secret, campaign_id, customer_id)])


def recognise_forgotten(
    folder: Path, environ: Mapping[str, str], campaign_id: str
) -> Callable[[str], bool] | None:
    """Return a question that can be asked of a customer's id: was it forgotten? None where nobody was.

    Raises OutputError where the list or the secret is missing, damaged, or does not belong to the other: a
    run without them would bring the forgotten back.
    """
    marks = _read_marks(folder)
    if not marks:
        return None
    secret = campaign_secret(folder, environ, create=False)
    _check_secret(folder, marks, secret)
    return lambda customer_id: mark_of(secret, campaign_id, customer_id) in marks


def _read_marks(folder: Path) -> frozenset[str]:
    """Read the list; empty where there is none. Raises OutputError where it is unreadable or damaged."""
    path = folder / FORGOTTEN
    try:
        marks = frozenset(path.read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(
            f"the list of forgotten customers {path} cannot be read ({error}): put it back"
        ) from error
    if not all(MARK.fullmatch(mark) for mark in marks):
        raise OutputError(f"the list of forgotten customers {path} is damaged: put it back")
    return marks


def _check_secret(folder: Path, marks: frozenset[str], secret: bytes) -> None:
    """Raise OutputError where the list was written with another secret."""
    if marks and mark_of(secret, "", "") not in marks:
        raise OutputError(
            f"{folder / FORGOTTEN} was written with another secret, so nobody in it would be recognised: "
            f"give back the secret ({VARIABLE}, or the file {FILE} beside the campaign)"
        )
