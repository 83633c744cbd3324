"""Which scripts the machine's and the themes' fonts can draw."""

import json

SAMPLES = {
    "Latin": "aßŁ",
    "Vietnamese": "ễ",
    "Greek": "Ωά",
    "Cyrillic": "ЖЇ",
    "Hebrew": "שצ",
    "Arabic": "عي",
    "Devanagari": "कष",
    "Bengali": "কষ",
    "Tamil": "கஷ",
    "Thai": "กษ",
    "Chinese": "你國",
    "Japanese": "あ々",
    "Korean": "한글",
    "emoji": "🎧🎉",
}
FONT_PACKAGES = {
    "Latin": "",
    "Vietnamese": "",
    "Greek": "",
    "Cyrillic": "",
    "Hebrew": "fonts-noto-core",
    "Arabic": "fonts-noto-core",
    "Devanagari": "fonts-noto-core",
    "Bengali": "fonts-noto-core",
    "Tamil": "fonts-noto-core",
    "Thai": "fonts-noto-core",
    "Chinese": "fonts-noto-cjk",
    "Japanese": "fonts-noto-cjk",
    "Korean": "fonts-noto-cjk",
    "emoji": "fonts-noto-color-emoji",
}
"""The Debian package that draws a script the themes have no font of their own for."""


def probe_script() -> str:
    """Return a JavaScript function that returns the names of the scripts it cannot draw.

    A glyph that is in no font is drawn as the same box as a code point that no font can have, so a character
    whose pixels equal that box's is missing.
    """
    return """async () => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  const families = [...new Set([...document.fonts].map(face => face.family)), 'sans-serif'].join(', ');
  context.font = '40px ' + families;
  const pixels = text => {
    context.clearRect(0, 0, 64, 64);
    context.fillText(text, 4, 48);
    return context.getImageData(0, 0, 64, 64).data.join();
  };
  const box = pixels('\\uDBFF\\uDFFD');
  const missing = [];
  for (const [name, sample] of Object.entries(SAMPLES)) {
    await document.fonts.load(context.font, sample);
    if ([...sample].some(character => pixels(character) === box)) missing.push(name);
  }
  return missing;
}""".replace("SAMPLES", json.dumps(SAMPLES))
