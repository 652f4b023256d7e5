"""Complete the fonts of cards, and write how wide their signs are: `python -m tests.fonts`.

What makes PNG draws a line in one font. So those of Arabic and of Chinese get the Latin signs that
they lack from Noto Sans, and `widths.json` has a width for each sign: images are measured with it.
It needs fontTools 4.68 and uharfbuzz 0.57 (PyPI), which neither the product nor the tests have.
"""

import json
from pathlib import Path

FONTS = Path(__file__).parent.parent / "reports/fonts"
LATIN, ARABIC, CHINESE = (
    FONTS / f"Noto{name}-Medium.ttf" for name in ("Sans", "SansArabic", "SansSC")
)
# What lines in any script may have: Latin, general punctuation, the signs of euro, number, minus.
SHARED = [*range(0xA0, 0x180), *range(0x2010, 0x2028), *range(0x202F, 0x203B)]
SHARED += [0x20AC, 0x2116, 0x2212]
# Signs that say in which direction a text is written are not drawn.
UNSEEN = "\u200e\u200f\u2066\u2067\u2068\u2069"
# A letter at the beginning, in the middle and at the end of a word.
JOINED = ("%s\u200d", "\u200d%s\u200d", "\u200d%s")


def complete(path: Path) -> None:
    """Copy the shared signs that a font lacks from Noto Sans, both with 1,000 units an em."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    font, latin = TTFont(path, recalcTimestamp=False), TTFont(LATIN)
    names, there, glyphs = latin.getBestCmap(), font.getBestCmap(), latin.getGlyphSet()
    font.setGlyphOrder([*font.getGlyphOrder()])
    for code in SHARED:
        if code not in names or code in there:
            continue
        outline, pen, name = DecomposingRecordingPen(glyphs), TTGlyphPen(None), f"latin{code:04X}"
        glyphs[names[code]].draw(outline)
        outline.replay(pen)
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = latin["hmtx"][names[code]]
        if "vmtx" in font:
            font["vmtx"][name] = (1000, 0)
        for table in font["cmap"].tables:
            table.cmap[code] = name
    font.save(path)


def widths() -> dict[str, int]:
    """Return how wide each sign is, in thousandths of an em.

    A letter of Arabic is as wide as its joined forms on average, and a sign of several fonts as
    in the one where it is widest.
    """
    import uharfbuzz

    found = dict.fromkeys(UNSEEN, 0)
    for path in (LATIN, ARABIC, CHINESE):
        font = uharfbuzz.Font(uharfbuzz.Face(path.read_bytes()))
        for code in font.face.unicodes:
            every = []
            for text in JOINED if path == ARABIC else ["%s"]:
                buffer = uharfbuzz.Buffer()
                buffer.add_str(text % chr(code))
                buffer.guess_segment_properties()
                uharfbuzz.shape(font, buffer)
                every.append(sum(one.x_advance for one in buffer.glyph_positions))
            mean = round(sum(every) / len(every))
            found[chr(code)] = max(mean, found.get(chr(code), 0))
    return found


def main() -> None:
    for path in (ARABIC, CHINESE):
        complete(path)
    # Any other sign is as wide as it is high, as the Chinese are.
    written = {sign: width for sign, width in sorted(widths().items()) if width != 1000}
    (FONTS / "widths.json").write_text(json.dumps(written, indent=0) + "\n")


if __name__ == "__main__":
    main()
