"""Soundwave's catalogue: artists and tracks nobody ever heard, in several languages."""

from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Track:
    """A track as the plays name it."""

    title: str
    artist: str
    genre: str
    seconds: int


ODD_TRACKS = (
    ("Sommernachtsgewitterwolkenverschiebungslied", "Kapelle Nordlicht & Söhne", "Schlager"),
    ("Sunday 🌞 Pancakes", "The Marmalade Parade", "Indie pop"),
    ("<b>Loud</b> & Clear", "<Static>", "Electronic"),
    ("雨の線路", "月野ラジオ", "City pop"),
    ("ليل المدينة", "فرقة الياسمين", "Tarab"),
    ("느린 파도", "파란우체국", "K-indie"),
    ("Γαλάζιο βράδυ", "Οι Φάροι", "Laïko"),
    ("A Very Long Letter to the Neighbour Who Plays the Trombone at Six in the Morning", "Odd Socks", "Folk"),
    ("धीमी बारिश", "काग़ज़ के पंछी", "Indie pop"),
    ("רחוב שקט", "הפנסים", "Folk"),
    ("纸船", "北窗", "Mandopop"),
    ("7", "O", "Ambient"),
)
"""The first of the catalogue: long words, emoji, markup, many scripts, a title of one character."""
ODD_SECONDS = 200
"""One length for them all, so that equally many plays are also equally many seconds."""

ARTISTS = (
    ("Paper Lanterns of Oslo", "Indie pop", "english"),
    ("Velvet Quokka", "Electronic", "english"),
    ("Gravel & Honey", "Folk", "english"),
    ("Marlow Tenpenny", "Soul", "english"),
    ("The Tin Umbrellas", "Rock", "english"),
    ("Saffron Telegraph", "Indie pop", "english"),
    ("DJ Kettlebell", "House", "english"),
    ("Hazel Okonjo Trio", "Jazz", "english"),
    ("Low Tide Committee", "Post-rock", "english"),
    ("Neon Badger", "Synthwave", "english"),
    ("Wilhelmina Strand", "Folk", "english"),
    ("Cassette Orchard", "Lo-fi", "english"),
    ("Brass Monkey Bread", "Funk", "english"),
    ("Ottoline Gray", "Singer-songwriter", "english"),
    ("Second Breakfast Club", "Punk", "english"),
    ("Mount Featherweight", "Metal", "english"),
    ("Fräulein Wolke", "Deutschpop", "german"),
    ("Kiosk um Mitternacht", "Indie pop", "german"),
    ("Die Regenschirmfabrik", "Rock", "german"),
    ("Bruno Sandbank", "Hip-hop", "german"),
    ("Wattwurm Kollektiv", "Techno", "german"),
    ("Quartett Apfelbaum", "Klassik", "german"),
    ("Los Faroles del Sur", "Cumbia", "spanish"),
    ("Ximena Altamar", "Latin pop", "spanish"),
    ("Perro Naranja", "Rock", "spanish"),
    ("Trío Cempasúchil", "Bolero", "spanish"),
    ("Éclair de Lune", "Chanson", "french"),
    ("Gaspard Tournesol", "Électro", "french"),
    ("Les Parapluies Bleus", "Indie pop", "french"),
    ("Banda Cajueiro", "Samba", "portuguese"),
    ("Iracema Falcão", "Bossa nova", "portuguese"),
    ("Gümüş Martılar", "Anadolu rock", "turkish"),
    ("Işıl Karanfil", "Pop", "turkish"),
    ("長谷部コウモリ", "City pop", "japanese"),
    ("ネオン金魚", "Electronic", "japanese"),
    ("Тихі Човни", "Folk", "ukrainian"),
)

TITLES = {
    "english": (
        "Paper Midnight Hollow Golden Borrowed Electric Quiet Crooked Second-Hand Winter Cardboard Salted",
        "Postcard Elevator Orchard Satellite Telephone Staircase Weather Kingdom Bicycle Laundry Comet Barn",
    ),
    "german": (
        "Blaue Leise Verlorene Gestohlene Kleine Letzte Warme Müde",
        "Straßenbahn Sternwarte Limonade Brücke Küche Laterne Überfahrt Pfütze Milchstraße",
    ),
    "spanish": ("Luna Calle Noche Lluvia Flor Carta", "dormida azul pequeña salvaje perdida eterna descalza"),
    "french": (
        "Rivière Chambre Fenêtre Valse Lumière",
        "oubliée bleue lointaine légère d'hiver fragile dorée",
    ),
    "portuguese": ("Saudade Janela Maré Canção Varanda", "morena azul distante serena antiga cheia"),
    "turkish": ("Gece Deniz Yağmur Çınar Rüzgâr", "şarkısı mektubu düşü masalı gölgesi"),
    "japanese": ("夜の 青い 忘れた 小さな 遠い", "電車 灯台 傘 金魚 手紙 屋上"),
    "ukrainian": ("Тихий Синій Далекий Останній Теплий", "берег ліхтар вечір дощ трамвай"),
}
TRACKS_PER_ARTIST = 8
STRIDE = 31
"""Prime to the number of pairs in every language, so that walking by it meets each pair once."""


def _make_catalogue() -> tuple[Track, ...]:
    tracks = [Track(title, artist, genre, ODD_SECONDS) for title, artist, genre in ODD_TRACKS]
    counters = {language: count() for language in TITLES}
    for artist, genre, language in ARTISTS:
        firsts, seconds = (words.split() for words in TITLES[language])
        glue = "" if language == "japanese" else " "
        for _ in range(TRACKS_PER_ARTIST):
            pair = next(counters[language]) * STRIDE % (len(firsts) * len(seconds))
            title = firsts[pair // len(seconds)] + glue + seconds[pair % len(seconds)]
            tracks.append(Track(title, artist, genre, 125 + len(tracks) * 37 % 211))
    return tuple(tracks)


TRACKS = _make_catalogue()
"""The odd ones first, then every artist's tracks side by side."""
