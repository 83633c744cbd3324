"""Cards to draw in tests: the gallery's, and the heroes every format must bear."""

from recap.render.personas import BASE, COMPOUND, EVERYDAY, NAME_60, stretch

__all__ = ["BASE", "COMPOUND", "EVERYDAY", "FOREIGN_HEROES", "HARDEST_HEROES", "NAME_60", "stretch"]

HARDEST_HEROES = {
    "ten digits": "9,999,999,999",
    "sixty characters": NAME_60,
    "one long word": COMPOUND,
    "one letter": "Q",
}
"""What every format must bear, by what is hard about it."""

FOREIGN_HEROES = {
    "a family": "🦊 Fox \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "right to left": "لينا عبد الرحمن",
    "no spaces": "高橋美咲高橋美咲高橋美咲高橋美咲高橋美咲",
    "greek": "Αλέξανδρος Παπαδιαμάντης",
    "vietnamese": "Nguyễn Thị Ánh Tuyết",
}
"""Other scripts, and emoji."""
