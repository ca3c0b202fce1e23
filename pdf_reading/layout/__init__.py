"""Stage 2: pages of glyphs to sheets of lines.

Input: `glyphs.page.Page`. Output: `sheet.Sheet`, whose lines have tables and figures among
them as insets (`sheets`), and what repeats on pages (`furniture`). The geometry of columns and
their bounds is here too; stage 3 applies it, as the boxes of a page are read apart.
"""
