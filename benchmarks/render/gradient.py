"""A page of smooth gradients, which flat posters are not: what a picture costs where every pixel differs."""

from recap.render.engine import Document

_SHELL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>gradient</title><style>
html, body { margin: 0; }
#stage { position: relative; width: 100vw; height: 100vh; overflow: hidden; }
.card {
  position: absolute; inset: 0; box-sizing: border-box; padding: 6vh 7vw;
  display: flex; flex-direction: column; justify-content: space-between; color: #fff; font-family: sans-serif;
  background: linear-gradient(160deg, #23074d, #7b1fa2 45%, #cc5333);
}
.disc { position: absolute; width: 80vmin; height: 80vmin; border-radius: 50%; opacity: .6; }
.disc.one {
  right: -20vmin; top: -15vmin;
  background: radial-gradient(circle, #ffd86f, #fc6262 70%, #fc626200);
}
.disc.two {
  left: -25vmin; bottom: 10vmin;
  background: radial-gradient(circle, #43e8d8, #1b4fd6 70%, #1b4fd600);
}
.number { position: relative; margin: 0; font-size: 200px; font-weight: 800; line-height: 1; }
.headline { position: relative; margin: 0; font-size: 52px; }
ol { position: relative; margin: 0; padding: 0; list-style: none; font-size: min(36px, 3vh); }
li { display: flex; justify-content: space-between; padding: .3em 0; border-bottom: 2px solid #ffffff40; }
footer { position: relative; font-size: 26px; opacity: .8; }
</style></head>
<body><main id="stage"></main></body></html>
"""
_ROWS = ("Morning", "Noon", "Afternoon", "Evening", "Night")


def gradient_documents(count: int) -> list[Document]:
    """Make so many cards; each says another number."""
    return [
        Document(shell=_SHELL, body=_body(number), script="() => []", template="gradient")
        for number in range(count)
    ]


def _body(number: int) -> str:
    minutes = 10_000 + 37 * number
    rows = "".join(
        f"<li><span>{name}</span><span>{minutes // (place + 2):,}</span></li>"
        for place, name in enumerate(_ROWS)
    )
    return (
        f'<article class="card"><div class="disc one"></div><div class="disc two"></div>'
        f'<p class="number">{minutes:,}</p><p class="headline">That is how many minutes you listened.</p>'
        f"<ol>{rows}</ol><footer>Soundwave · 2026</footer></article>"
    )
