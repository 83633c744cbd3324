"""Languages that a campaign's own texts lack."""

from wording_scenes import METRICS, make_campaign

from recap.wording.gaps import find_gaps


def test_texts_that_lack_a_language_are_named() -> None:
    """With the languages and what stands in; one text for all, or another country's, is no gap."""
    minutes = {**METRICS[1], "title": {"en": "Minutes"}, "words": {"de": {"headline": "{n}"}}}
    nouns = {**METRICS[0], "noun": {"en_GB": {"one": "play", "other": "plays"}}}
    campaign = make_campaign(
        title="Recap", languages=["en", "de"], metrics=[nouns, minutes, METRICS[2]], words={}
    )
    assert find_gaps(campaign) == [
        "`noun` of plays lacks de; the text in en is used, or any there is",
        "`title` of minutes lacks de; recap's own words are used",
        "`words` of minutes lacks en; recap's own words are used",
    ]
    many = make_campaign(title="Recap", languages=["en", "it"], words={})
    assert "`noun` of plays, minutes, songs and " in find_gaps(many)[0]
