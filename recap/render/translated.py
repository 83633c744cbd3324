"""The everyday cards in Arabic and in Japanese, word by word: for scripts and directions other than ours."""

from dataclasses import dataclass
from types import MappingProxyType as Fixed
from typing import Literal

from recap.render.everyday import ACTIVE, MONTHS
from recap.wording.card import Card

__all__ = ["ARABIC", "JAPANESE", "Language", "months_as"]


@dataclass(frozen=True, slots=True)
class Language:
    """What everyday cards say in a language."""

    locale: str
    direction: Literal["ltr", "rtl"]
    cards: Fixed[str, dict[str, str]]
    """By layout, the texts that differ; `title`, `hero`, `unit`, `headline`, `support` or `second`."""
    words: Fixed[str, str]
    """Names, months, labels and values of rows, bars and lines, by the everyday ones."""
    badge: str
    small_print: str

    def said(self, text: str) -> str:
        """Give one of the words; what is not among them is written alike."""
        return self.words.get(text, text)

    def texts(self, card: Card) -> dict[str, str]:
        """Give a card's texts; a text it lacks stays empty."""
        texts = self.cards[card.layout] | {"badge": self.badge if card.badge else ""}
        return texts | {"small_print": self.small_print}


def months_as(names: str) -> dict[str, str]:
    """Give the months other names, by the everyday ones."""
    return dict(zip(MONTHS, names.split(), strict=True))


ARABIC = Language(
    locale="ar",
    direction="rtl",
    badge="ضمن أعلى 2%",
    small_print="التشغيلات من 1 يناير إلى 31 ديسمبر 2026، بتوقيتك المحلي.",
    words=Fixed(
        months_as("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر")
        | dict(zip("ABCD", "أبجد", strict=True))
        | {
            "Lina Okafor": "لينا عبد الرحمن",
            "Mira Sol": "أغنية البحر",
            "The Velvet Keys": "مفاتيح من مخمل",
            "Tom & <Jerry>": "توم & <جيري>",
            "Neon Goldfish": "سمكة النيون",
            "Minutes": "الدقائق",
            "Top artist": "في الصدارة",
            "Longest streak": "أطول سلسلة",
            "23 days": "23 يومًا",
        }
    ),
    cards=Fixed(
        {
            "cover": {
                "title": "عامك في الموسيقى",
                "hero": "لينا عبد الرحمن",
                "headline": "اثنا عشر شهرًا معنا.",
                "support": "7 ذكريات، وكلها لك.",
            },
            "number": {
                "title": "دقائق من الموسيقى",
                "unit": "دقيقة",
                "headline": "حصيلتك في 2026: 41,208 دقائق.",
                "support": "هذا 28 يومًا وليلة.",
            },
            "top": {
                "title": "فنانوك، بالدقائق",
                "hero": "أغنية البحر",
                "headline": "أغنية البحر في صدارة قائمتك.",
                "unit": "4,812 دقيقة",
                "support": "هذا 12% من مجموعك.",
            },
            "chart": {
                "title": "شهرًا بعد شهر",
                "unit": "تشغيل",
                "headline": "ديسمبر كان أعلى شهورك صوتًا.",
                "support": "880 تشغيلًا، أكثر من أي شهر آخر.",
            },
            "line": {
                "title": "هكذا سار عامك",
                "unit": "تشغيل",
                "headline": "ديسمبر كان أعلى شهورك صوتًا.",
                "support": "880 تشغيلًا، أكثر من أي شهر آخر.",
            },
            "calendar": {
                "title": "يومًا بيوم",
                "unit": "يومًا معنا",
                "headline": f"كنت معنا {ACTIVE} يومًا، وأكبر حصيلة في 19 ديسمبر.",
                "support": "المجموع: 5,000 تشغيل.",
            },
            "streak": {
                "title": "أطول سلسلة لك",
                "unit": "يومًا على التوالي",
                "headline": "أطول سلسلة لك في 2026: 23 يومًا.",
                "support": "من 3 مارس إلى 25 مارس.",
            },
            "moment": {
                "title": "يومك الأكبر",
                "hero": "14 مارس",
                "unit": "212 تشغيلًا",
                "headline": "يوم 14 مارس كانت حصيلتك 212 تشغيلًا.",
                "support": "ولم يقترب منه يوم آخر.",
            },
            "standing": {
                "title": "مكانك بين الجميع",
                "hero": "ضمن أعلى 2%",
                "unit": "من أصل 41,004 أشخاص",
                "headline": "واحد فقط من كل 50 استمع أكثر منك.",
                "support": "المرتبة 812 من أصل 41,004.",
            },
            "comparison": {
                "title": "أكثر من قبل",
                "unit": "زيادةً عمّا قبل",
                "headline": "حصيلتك في 2026: 5,000 تشغيل، بزيادة 72%.",
            },
            "pair": {
                "title": "معًا دائمًا",
                "hero": "إسبريسو",
                "second": "كرواسون باللوز",
                "unit": "معًا 41 مرة",
                "headline": "إسبريسو وكرواسون باللوز: 41 مرة معًا.",
                "support": "أكثر من أي ثنائي آخر.",
            },
            "archetype": {
                "title": "أي نمط يشبهك",
                "hero": "بومة الليل",
                "headline": "بومة الليل: هكذا كنت في 2026.",
                "support": "مثلك واحد من كل 12.",
            },
            "dial": {
                "title": "ساعتك الأنشط",
                "unit": "612 تشغيلًا",
                "headline": "أنشط ساعاتك تبدأ الساعة 21:00.",
                "support": "حصيلتها: 612 تشغيلًا.",
            },
            "milestone": {
                "title": "علامة فارقة",
                "unit": "تشغيل",
                "headline": "يوم 14 مايو وصلت إلى 1,000 تشغيل.",
                "support": "مع «سمكة النيون».",
            },
            "community": {
                "title": "كلنا معًا",
                "hero": "1.2 مليار",
                "unit": "دقيقة من الموسيقى",
                "headline": "هذه حصيلة 41,004 أشخاص في 2026.",
                "support": "نصيبك منها: 41,208 دقائق.",
            },
            "question": {
                "title": "فنانوك، بالدقائق",
                "hero": "من الذي تصدّر قائمتك في عام 2026؟",
                "headline": "من الذي تصدّر قائمتك في عام 2026؟",
            },
            "summary": {
                "title": "عامك في الموسيقى",
                "unit": "في لمحة",
                "headline": "لينا عبد الرحمن، هذا وقتك معنا في 2026، في لمحة.",
            },
            "fallback": {
                "title": "عامك معنا",
                "hero": "زيارة واحدة",
                "headline": "زيارة واحدة في 2026، وقد سعدنا بها.",
            },
        }
    ),
)

JAPANESE = Language(
    locale="ja",
    direction="ltr",
    badge="上位2%",
    small_print="集計：再生 · 2026年1月1日～12月31日 · ご利用地域の時刻",
    words=Fixed(
        months_as("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月")
        | {
            "Lina Okafor": "高橋美咲",
            "Mira Sol": "夜明けのネオン金魚",
            "The Velvet Keys": "ビロードの鍵盤",
            "Tom & <Jerry>": "トム＆<ジェリー>",
            "Neon Goldfish": "雨あがりの改札口",
            "Minutes": "分",
            "Top artist": "ナンバーワン",
            "Longest streak": "最長の連続記録",
            "23 days": "23日間",
            "2025": "2025年",
            "2026": "2026年",
        }
    ),
    cards=Fixed(
        {
            "cover": {
                "title": "音楽でふりかえる一年",
                "hero": "高橋美咲さん",
                "unit": "2026年",
                "headline": "2026年、Soundwaveとこんな時間を過ごしました。",
                "support": "自分だけのハイライトを7個、お届けします。",
            },
            "number": {
                "title": "音楽と過ごした時間",
                "unit": "分",
                "headline": "2026年、いちばん長く聴いた一年でした。",
                "support": "昼も夜も数えて28日分です。",
            },
            "top": {
                "title": "よく聴いたアーティスト",
                "hero": "夜明けのネオン金魚",
                "headline": "2026年、いちばん多かったのは夜明けのネオン金魚でした。",
                "unit": "4,812分",
                "support": "全部で4,812分、全体の12%です。",
            },
            "chart": {
                "title": "月ごとの歩み",
                "unit": "回再生",
                "headline": "いちばん多かった月は12月でした。",
                "support": "12月の合計は880回再生です。",
            },
            "line": {
                "title": "この一年の歩み",
                "unit": "回再生",
                "headline": "いちばん多かった月は12月でした。",
                "support": "12月の合計は880回再生です。",
            },
            "calendar": {
                "title": "一日一日",
                "unit": "日",
                "headline": f"いっしょだった日は{ACTIVE}日、いちばん多かったのは12月19日でした。",
                "support": "全部で5,000回再生です。",
            },
            "streak": {
                "title": "最長の連続記録",
                "unit": "日間",
                "headline": "最長の連続記録は23日間でした。",
                "support": "3月3日から3月25日まで。",
            },
            "moment": {
                "title": "いちばんの一日",
                "hero": "3月14日",
                "unit": "212回再生",
                "headline": "いちばん多かったのは3月14日の212回再生でした。",
                "support": "土曜日のことでした。",
            },
            "standing": {
                "title": "みんなの中の順位",
                "hero": "上位2%",
                "unit": "41,004人中",
                "headline": "41,208分は、みんなの中で上位2%でした。",
                "support": "41,004人中812位です。",
            },
            "comparison": {
                "title": "前よりもっと",
                "hero": "72%",
                "unit": "前より増加",
                "headline": "2026年の合計は5,000回再生。前の年から72%の増加です。",
            },
            "pair": {
                "title": "いちばんの組み合わせ",
                "hero": "エスプレッソ",
                "second": "アーモンドクロワッサン",
                "unit": "41回いっしょに",
                "headline": "エスプレッソとアーモンドクロワッサンで、41回でした。",
                "support": "ほかのどの組み合わせよりも多い回数です。",
            },
            "archetype": {
                "title": "どんなタイプ？",
                "hero": "夜ふかし派",
                "headline": "2026年のタイプは「夜ふかし派」でした。",
                "support": "12人に1人が当てはまります。",
            },
            "dial": {
                "title": "いちばんの時間",
                "hero": "21時台",
                "unit": "612回再生",
                "headline": "いちばん多かったのは21時台でした。",
                "support": "21時台の合計は612回再生です。",
            },
            "milestone": {
                "title": "節目",
                "unit": "回再生",
                "headline": "5月14日、1,000回再生に到達しました。",
                "support": "「夜明けのネオン金魚」でした。",
            },
            "community": {
                "title": "みんなで合わせて",
                "hero": "12億",
                "unit": "分の音楽",
                "headline": "2026年、41,004人で聴いた時間の合計です。",
                "support": "そのうち、あなたの記録は41,208分です。",
            },
            "question": {
                "title": "よく聴いたアーティスト",
                "hero": "2026年、いちばん多かったのはどれ？",
                "headline": "2026年、いちばん多かったのはどれ？",
            },
            "summary": {
                "title": "音楽でふりかえる一年",
                "hero": "2026年",
                "unit": "まとめ",
                "headline": "高橋美咲さん、2026年の時間をひと目でどうぞ。",
            },
            "fallback": {
                "title": "2026年のSoundwave",
                "hero": "1回の再生",
                "headline": "2026年の記録は1回。来てくれて、ありがとうございます。",
            },
        }
    ),
)
