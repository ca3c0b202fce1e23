"""Stage 1: a PDF file to pages of glyphs, drawings, pictures and links, as they are seen.

Input: a path. Output: `page.Page` for each page in turn (`document.Document.pages`), and the
bookmarks of the file. Look-alike characters are normalised, invisible text is left out, vertical
pages are rotated. pdfium is known here alone, but for the rendering of figures.
"""
