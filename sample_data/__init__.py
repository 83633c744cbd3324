"""Three made-up businesses with a few hundred made-up customers each, and the generator that makes them.

    python -m sample_data.generate --business music --customers 200 --seed 2026 --out DIR

Everything here is invented: no person, artist, product or place is meant to exist.
"""
