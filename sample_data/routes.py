"""Where Strider's runners run, and what kinds of run there are."""

from dataclasses import dataclass

PLACES = (
    "Oberkirchplatzseeuferpromenadenrundwegstrecke",
    "Park 🌳 Loop",
    "Bridge <b>East</b> & Back",
    "多摩川の土手",
    "كورنيش البحر",
    "한강 둔치",
    "Λόφος των Ανέμων",
    "The Long Way Round by the Old Waterworks, the Allotments and the Ice-Cream Van",
    "नदी किनारा",
    "טיילת הנמל",
    "湖滨步道",
    "K2",
    "Lantern Park",
    "Canal towpath",
    "Swan Lake circuit",
    "Harbour wall",
    "Foxglove Hill",
    "Old railway line",
    "Stadium track",
    "Lindenallee",
    "Mühlenteich",
    "Waldweg am Forsthaus",
    "Römerbrücke",
    "Weinberge",
    "Kastanienufer",
    "Deichkrone",
    "Parque de los Naranjos",
    "Paseo del Faro",
    "Cerro Pequeño",
    "Bois des Hérons",
    "Quai des Tilleuls",
    "Boucle du Moulin",
    "Praia do Farol",
    "Trilha da Cachoeira",
    "Çınaraltı Parkı",
    "Sahil Yolu",
    "桜の坂道",
    "Набережна Човнярів",
    "Bukit Lima Trail",
    "Thistle Common",
    "Cobbled Mile",
    "Seven Gates",
    "Heron Marsh boardwalk",
    "Airport fence",
    "Cemetery Avenue",
    "Observatory steps",
)
"""The odd ones first, then neighbours side by side."""
ODD_PLACES = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of run."""

    name: str
    shortest_m: int
    longest_m: int
    pace: float
    """Seconds a metre, as a multiple of the runner's own."""


KINDS = (
    Kind("Easy run", 4_000, 9_000, 1.08),
    Kind("Tempo run", 5_000, 10_000, 0.92),
    Kind("Intervals", 3_500, 8_000, 0.95),
    Kind("Long run", 13_000, 26_000, 1.12),
    Kind("Trail run", 6_000, 18_000, 1.30),
    Kind("Treadmill", 3_000, 8_000, 1.02),
    Kind("Race", 5_000, 42_195, 0.88),
)
RACES_M = (5_000, 10_000, 10_000, 21_098, 42_195)
TREADMILL, RACE = 5, 6
"""Their places in `KINDS`: a treadmill stands nowhere, a race has a set distance."""
