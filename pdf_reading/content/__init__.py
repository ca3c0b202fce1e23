"""Stage 4: what stands between headings.

Input: lines in order and classified headings. Output: `issue_text.SectionText` with its articles
and their passages (paragraphs, sub-headings, lists, figures, tables, links), and the warnings.
"""
