"""Stage 3: lines to one order of reading with its headings.

Input: sheets of lines and the bookmarks of the file. Output: the lines of the articles in order
(`flow`), what the cover, the printed contents and the imprint say, and each heading with its
level, its confidence and the reasons for it (`heading_classification`).
"""
