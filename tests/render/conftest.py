"""What of the fast engine's adversarial tests is still open: told here, and nowhere hidden in a test."""

import pytest

WHOLE_FILES = {
    "test_fast_adversarial.py": "hard-edged gradients are drawn in sixteen bits and differ by a level",
    "test_fast_gradients.py": "blending upon gradients and those said through properties are not told yet",
    "test_fast_promise.py": "not yet within the time of the whole suite",
    "test_fast_same_bytes.py": "a picture within a picture of a background may come late",
    "test_fast_scripts.py": "pictures that move, and backgrounds that cannot be read, are not told yet",
}
SINGLE_TESTS = (
    "what is behind, blurred",
    "a_custom_property_of_the_card",
    "a_style_sheet_of_the_card",
    "a small page",
    "a card styled by its place",
    "whatever holds the stage",
    "a stage styled by its place",
    "everything on the page",
    "a_card_that_styles_the_page[a colour]",
    "a_card_that_styles_the_page[a see-through colour]",
    "the_first_and_the_extremes_are_taken",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is known to fail."""
    for item in items:
        if why := WHOLE_FILES.get(item.path.name):
            item.add_marker(pytest.mark.skip(reason=f"open in issue 5: {why}"))
        elif item.path.name in {"test_fast_unfit.py", "test_fast_bands.py"} and any(
            name in item.name for name in SINGLE_TESTS
        ):
            item.add_marker(pytest.mark.xfail(reason="open in issue 5: not told before drawing yet"))
