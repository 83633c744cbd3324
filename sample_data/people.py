"""Who the customers are: invented names in many scripts, with a language and a time zone to match."""

import hashlib
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Person:
    """One customer as the customers table has them; `None` is an empty cell."""

    number: int
    """0-based; the customer's id is made of it."""
    name: str | None
    locale: str | None
    time_zone: str | None
    opt_out: bool = False
    listed: bool = True
    """False where the customer has activity but no row in the customers table."""


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together."""

    locales: tuple[str, ...]
    zones: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    pattern: str = "{given} {family}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CULTURES = {
    "english": Culture(
        ("en", "en", "en_GB"),
        ("America/New_York", "America/Los_Angeles", "Europe/London", "Australia/Sydney", "Africa/Lagos"),
        _words(
            "Amara Theo Wren Josiah Imogen Callum Tilda Rufus Nkechi Hollis Maeve Desmond Priya Otis Fern"
        ),
        _words(
            "Ashgrove Okafor Penhallow Whitlock Marlowe Adeyemi Thistleton Quill Barrow Fenwick Achebe Vane"
        ),
    ),
    "german": Culture(
        ("de", "de", "de_AT"),
        ("Europe/Berlin", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
        _words("Jörg Änne Malte Friederike Lütje Käthe Ansgar Wiebke Ole Ulrike Matthis Rosalie Veit Grete"),
        _words(
            "Weißbach Müllerschön Großkopf Tannhäuser Öhlschläger Lindner Brückmann Sühring Feldhus Kößler"
        ),
    ),
    "french": Culture(
        ("fr",),
        ("Europe/Paris", "America/Toronto"),
        _words("Éloïse Gaël Noémie Anaïs Théophile Zoé Maël Léonie Clémence Loïc"),
        _words("Beauchêne Lefèvre-Rivière Dujardin Çelestin d'Aubrac Garçonnet Hélias Montcœur"),
    ),
    "spanish": Culture(
        ("es",),
        ("Europe/Madrid", "America/Bogota", "America/Lima"),
        _words("Íñigo Lucía Begoña Andrés Ximena Joaquín Paloma Tomás Araceli Núria"),
        _words("Peñalver Ibáñez Quirós Muñiz Zúñiga Altamira Larrañaga Ocampo"),
    ),
    "brazilian": Culture(
        ("pt_BR",),
        ("America/Sao_Paulo",),
        _words("João Conceição Thaís Caetano Luíza Estevão Iracema Otávio"),
        _words("Magalhães Assunção Brandão Cajueiro Falcão Guimarães Tavares"),
    ),
    "turkish": Culture(
        ("tr",),
        ("Europe/Istanbul",),
        _words("Işıl Çağla Doğukan İpek Şebnem Ömer Gülşah Yiğit"),
        _words("Karadağ Öztürkmen Yıldızhan Çınarlı Güneşoğlu Şahinalp"),
    ),
    "polish": Culture(
        ("pl",),
        ("Europe/Warsaw",),
        _words("Łucja Świętosława Grzegorz Żaneta Bożena Michał"),
        _words("Wąsowicz Źrebiec Chrzęstowski Małachowska Jaśkiewicz"),
    ),
    "vietnamese": Culture(
        ("vi",),
        ("Asia/Ho_Chi_Minh", "Europe/Berlin"),
        _words("Hương Tuấn Thảo Quỳnh Đức Phượng Khánh"),
        _words("Nguyễn Trần Đặng Phạm Bùi Vũ"),
        "{family} {given}",
    ),
    "greek": Culture(
        ("el",),
        ("Europe/Athens",),
        _words("Ελένη Οδυσσέας Καλλιόπη Λευτέρης Ιφιγένεια Στέλιος"),
        _words("Θαλασσινός Καραβάς Ψαριανού Μελισσηνός Γαλανού"),
    ),
    "ukrainian": Culture(
        ("uk",),
        ("Europe/Kyiv", "Europe/Berlin"),
        _words("Олеся Богдан Ганна Ярослав Соломія Тарас Їванна"),
        _words("Вербицька Калиновий Щербатюк Ґонта Левченко"),
    ),
    "arabic": Culture(
        ("ar",),
        ("Asia/Riyadh", "Asia/Dubai", "Europe/Berlin"),
        _words("ليلى كريم نورة ياسين هدى زياد ريم"),
        _words("الحداد النجار البستاني القمري الزيتوني"),
    ),
    "hebrew": Culture(
        ("he",),
        ("Asia/Jerusalem",),
        _words("נועה איתן תמר יהונתן שירה אלון"),
        _words("כרמלי בן־נחל שקדי אורנים גלבוע"),
    ),
    "hindi": Culture(
        ("hi", "en"),
        ("Asia/Kolkata",),
        _words("मीरा अर्जुन काव्या रोहन इशिता विक्रम"),
        _words("चन्द्रवंशी सूर्यकान्त नदीवाल पर्वतकर वनमाली"),
    ),
    "chinese": Culture(
        ("zh_Hans",),
        ("Asia/Shanghai", "America/Los_Angeles"),
        _words("晓雨 思远 子涵 静怡 浩然 若兰"),
        _words("林 欧阳 沈 陆 司徒 叶"),
        "{family}{given}",
    ),
    "japanese": Culture(
        ("ja",),
        ("Asia/Tokyo",),
        _words("さくら 健太郎 美咲 ハルト 凛 小百合"),
        _words("佐倉 長谷部 五十嵐 月野 渡良瀬"),
        "{family} {given}",
    ),
    "korean": Culture(
        ("ko",),
        ("Asia/Seoul",),
        _words("서연 도윤 하은 지훈 예린 민재"),
        _words("김 남궁 윤 황보 한"),
        "{family}{given}",
    ),
}

Mix = dict[str, int]
"""How often each culture comes up among a business's customers, by its key in `CULTURES`."""


def stream(seed: int, business: str, number: int, purpose: str) -> Random:
    """Return the random numbers of one customer and purpose, the same however many customers there are."""
    digest = hashlib.sha256(f"{seed}/{business}/{number}/{purpose}".encode()).digest()
    return Random(int.from_bytes(digest[:16], "big"))


def draw_person(rng: Random, number: int, mix: Mix, home: str | None = None) -> Person:
    """Draw a customer; `home` is the time zone of them all, for a business in one place."""
    culture = CULTURES[rng.choices(tuple(mix), tuple(mix.values()))[0]]
    given, family = rng.choice(culture.given), rng.choice(culture.family)
    locale, zone = rng.choice(culture.locales), rng.choice(culture.zones)
    missing = rng.random()
    return Person(
        number=number,
        name=None if missing < 0.02 else culture.pattern.format(given=given, family=family),
        locale=None if 0.02 <= missing < 0.04 else locale,
        time_zone=None if 0.04 <= missing < 0.05 else home or zone,
        opt_out=rng.random() < 0.02,
        listed=rng.random() >= 0.01,
    )
