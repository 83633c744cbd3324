"""What shuts a browser off from the world and from the machine's habits: flags, environment, sandbox."""

import os
from collections.abc import Mapping
from pathlib import Path

FLAGS = (
    # The same glyphs on every machine.
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    # A picture is part of the first frame, not swapped in when it has been decoded.
    "--disable-checker-imaging",
    # A picture is drawn in one piece: where tiles meet, the edges of curves are rounded otherwise.
    "--max-untiled-layer-width=4096",
    "--max-untiled-layer-height=4096",
    # Of a picture that moves, its first frame. The rest are the driver's settings, which this replaces.
    (
        "--blink-settings=imageAnimationPolicy=2,"
        "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
    ),
    # HTML drawn into a canvas, which the fast engine draws with.
    "--enable-blink-features=CanvasDrawElement",
    # Nothing of its own to say to anybody.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--dns-prefetch-disable",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
DEAD_END = "http://127.0.0.1:9"
"""The discard port: nothing listens, so a request that came this far is refused."""

_PASSED_ON = (
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
)


def browser_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Pick the little of `environ` a browser needs; a secret or a password in it is not its business."""
    env = {name: environ[name] for name in _PASSED_ON if name in environ}
    # No session bus: a browser without a screen asks it for things, and complains when there is none.
    return env | {"LANG": "C.UTF-8", "TZ": "UTC", "DBUS_SESSION_BUS_ADDRESS": "disabled:"}


def may_sandbox() -> bool:
    """Tell whether to ask for Chromium's sandbox: not as root, to whom it is refused, nor in a container."""
    contained = any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
    return os.geteuid() != 0 and not contained
