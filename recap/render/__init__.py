"""Rendering: from a card to HTML to a picture."""
