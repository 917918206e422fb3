"""Whose data a circle's map rests on, and the words that its licence asks for."""

from typing import Final

OPENSTREETMAP: Final = "© OpenStreetMap contributors"
OPENSTREETMAP_LICENCE: Final = "https://www.openstreetmap.org/copyright"
