"""The word lists of the reading, Chinese and English: what marks source lines, bylines, dates,
captions, list entries, contents and boilerplate. One more language is added here and in `facts`."""

from __future__ import annotations

import re

from pdf_reading.lexicon.months import MONTH

_SOURCE = re.compile(
    r"[（(\[【*＊]?\s*(?:(?:信息|文章|资料|資料)?[来來]源|摘自|转自|轉自|摘编自|摘編自|原[载載]|Sources?)\s*"
    r"[:：]\s*(?P<name>.{1,80}?)\s*[）)\]】]?\s*",
    re.IGNORECASE,
)
_SOURCE_AT_END = re.compile(
    r"(?P<rest>.*[。！？.!?”\"])\s*[（(\[【]\s*(?:(?:信息|文章)?[来來]源|摘自|转自|轉自|Source)\s*[:：]\s*"
    r"(?P<name>[^（）()]{1,80}?)\s*[）)\]】]\s*",
    re.IGNORECASE | re.DOTALL,
)
_BYLINE = re.compile(
    r"[（(]?\s*(?:(?:本[报報刊])?(?:特[约約])?(?:[记記]者|通[讯訊][员員])|作者|撰稿|供稿|撰文|[编編][译譯]|编辑整理|文|By)"
    r"\s*(?:[:：/／|]|(?<=By)\s|\s)\s*(?P<name>.{1,40}?)\s*[）)]?",
    re.IGNORECASE,
)
MAX_BYLINE = 120  # characters
_NAME = r"(?:(?:de|der|di|la|van|von)\s+)?[^\W\d_a-zà-ÿ][\w.’'-]*"
_PERSON = rf"{_NAME}(?:\s+{_NAME}){{0,3}}"
_BY_NAMES = re.compile(
    r"(?:By|BY|by|(?:Written|Submitted|Story|Article)\s+by|Von|Texte?:|Text und Fotos?:)\s+"
    rf"(?P<names>{_NAME}\s+{_PERSON}(?:(?:,\s+and|,|\s+&|\s+and|\s+und)\s+{_PERSON}){{0,5}})"
)
_DATE = re.compile(
    r"(?:(?:发布|发表)?(?:日期|时间)\s*[:：]\s*)?(?P<date>"
    r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\s+\d{4}"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)\s+\d{1,2},\s*\d{4})",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:图表?|圖|表|Figure|Fig\.?|Table|Chart|Photo|照片|图片)\s*"
    r"(?:[0-9一二三四五六七八九十]+(?:[-.–][0-9]+)?|[:：])\s*[:：.．、]?\s*\S?.*",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|"
    r"第[一二三四五六七八九十百]{1,4}[章节条部]|\d{1,2}(?:\.\d{1,2}){1,3}\s|\d{1,2}[.、．)）]\s*(?!\d)|"
    r"[（(]\d{1,2}[）)]|[①-⑳]|Part\s+[IVX\d]+|Chapter\s+\d+|[IVX]{1,5}\.\s)"
)
_DEPTHS = (
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[.、．)）]"),
    re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]"),
)
_LABEL = re.compile(
    rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)\.?\s+(?=\S)(?!{MONTH}\b)", re.IGNORECASE
)
_MARK = re.compile(
    r"(?:[•●○■□◆◇▪▫►▶‣⁃∙·－–—*\-]\s*(?=[^\s\-–—]))|(?:\d{1,2}[.．)）、](?!\d)\s*)|(?:[（(]\d{1,2}[）)]\s*)"
    r"|(?:[a-z][.)]\s+)|(?:[①-⑳]\s*)"
)
_BULLET = re.compile(r"[•●○■□◆◇▪▫►▶‣⁃∙]\s*\S|[-–*·]\s+\S")
_BOILERPLATE = re.compile(
    r"版[权權](?:及|与|與|声明|聲明|所有)|(?:免责|免責|使用|郑重|鄭重)[声聲]明|"
    r"copyright|disclaimer|legal notice|imprint|"
    r"impressum|colophon|^编\s*委\s*会|编辑委员会|^编\s*辑\s*部|"
    r"^本\s*刊\s*(?:编辑部|声明|启事)|^联系(?:我们|方式)|"
    r"^contact(?: us)?$|^about this (?:bulletin|issue|newsletter|publication)|"
    r"editorial (?:board|team|office)|"
    r"^masthead$|^subscri(?:be|ptions?)$|^征\s*订|^封\s*底",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"电\s*话|传\s*真|邮\s*编|邮\s*箱|地\s*址|网\s*址|主\s*编|责任编辑|主\s*办|ISSN|"
    r"\btel(?:ephone)?\b|\bfax\b|e-?mail|\bwrite to\b|published by|\S@\S+\.\w|www\.|"
    r"\baddress\b|\beditor\b|©|all rights reserved",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:本\s*期\s*)?(?:[总總]?\s*目\s*[录錄次]|要\s*目|[导導]\s*[读讀]|内容提要)|"
    r"(?:table of )?contents|"
    r"in this issue|"
    r"inside(?: this issue)?",
    re.IGNORECASE,
)
_LIST_OF_FIGURES = re.compile(
    r"lists? of (?:figures|tables|illustrations|charts)|"
    r"(?:插\s*[图圖]|[图圖]\s*表?|表\s*格?)\s*(?:目\s*[录錄]|清\s*[单單])",
    re.IGNORECASE,
)
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th", "er", "re", "ère", "e", "ème", "o", "a"))
_SUBTITLE = re.compile(r"[—–⸺]{1,2}\s*\S")
_SENTENCE_END = re.compile(r"[。；;，,、！!：:.]$")


def is_source(line: str) -> bool:
    """Return whether a line is a source line, such as （来源：新华网）."""
    return bool(_SOURCE.fullmatch(line))


def opens_source(line: str) -> bool:
    """Return whether a source line begins here, which may end in the next line."""
    return bool(_SOURCE.match(line))


def source_name(line: str) -> str:
    """The name in a source line; "" for any other line."""
    match = _SOURCE.fullmatch(line)
    return match["name"].strip() if match else ""


def source_at_end(text: str) -> tuple[str, str]:
    """A paragraph that closes with its source in brackets: the rest of it, and the name."""
    match = _SOURCE_AT_END.fullmatch(text)
    return (match["rest"].rstrip(), match["name"].strip()) if match else (text, "")


def byline(line: str) -> str:
    """The name in a byline, or the names; "" for any other line."""
    line = line.strip()
    if len(line) <= MAX_BYLINE and (names := _BY_NAMES.fullmatch(line)):
        return names["names"]
    match = _BYLINE.fullmatch(line)
    return match["name"].strip() if match and not re.search(r"[。；，,]", line) else ""


def date_line(line: str) -> str:
    """The date of a line that is nothing else; "" for any other line."""
    match = _DATE.fullmatch(line.strip(" （）()[]【】"))
    return match["date"].strip() if match else ""


def is_caption(line: str) -> bool:
    """Return whether a line is the caption of a table or figure, such as "Figure 2: ..."."""
    return bool(_CAPTION.fullmatch(line)) and len(line) < 120 and not line.endswith(("。", "；"))


def is_numbered(line: str) -> bool:
    """Return whether a line begins with the number of a heading, such as （一）, 2.1 or Part IV."""
    return bool(_NUMBERING.match(line))


def numbering_depth(line: str) -> int:
    """Return how deep a numbered heading stands in the order of Chinese official documents (GB/T
    9704: 一、 above （一） above 1. above （1）), counted from 1; a chapter or part is 1 too."""
    for depth, kind in enumerate(_DEPTHS, start=2):
        if kind.match(line):
            return depth
    return 1


def without_numbers(line: str) -> str:
    """A line for comparing with others that differ in numbers only."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line)).casefold()


def differ_in_numbers(one: str, other: str) -> bool:
    """Return whether two titles differ in numbers only, as those of counted notices do."""
    return "#" in without_numbers(one) and without_numbers(one) == without_numbers(other)


def label(line: str) -> str:
    """The bare number that a program added before a headline ("3", "3.1"); "" for none."""
    match = _LABEL.match(line)
    return match["number"] if match else ""


def without_label(line: str) -> str:
    """A headline without the number that a program added."""
    return _LABEL.sub("", line, count=1)


def mark(line: str) -> str:
    """The bullet or number that opens an entry of a list; "" for none."""
    match = _MARK.match(line)
    return match[0].strip() if match else ""


def has_bullet(line: str) -> bool:
    """Return whether a line begins with the bullet of a list."""
    return bool(_BULLET.match(line))


def is_boilerplate(heading: str) -> bool:
    """Return whether a heading is that of an imprint, a disclaimer or the like, and of no
    article."""
    return len(heading) < 60 and bool(_BOILERPLATE.search(heading.strip()))


def is_contact(text: str) -> bool:
    """Return whether a short text names an address, an office or a means of contact."""
    return len(text) < 700 and len(_CONTACT.findall(text)) >= 1


def opens_contents(line: str) -> bool:
    """Return whether a line is the heading of the contents, such as 目录 or "In this issue"."""
    return bool(_CONTENTS.fullmatch(line.strip(" :：·-—")))


def opens_list_of_figures(line: str) -> bool:
    """Return whether a line is the heading of a list of figures or tables, behind the contents."""
    return bool(_LIST_OF_FIGURES.fullmatch(line.strip(" :：")))


def is_ordinal_ending(letters: str) -> bool:
    """Return whether letters behind a number make it an ordinal one, such as "th"."""
    return letters in _ORDINAL_ENDINGS


def is_subtitle(line: str) -> bool:
    """Return whether a line begins with the dash of a Chinese subtitle."""
    return bool(_SUBTITLE.match(line))


def ends_a_sentence(line: str) -> bool:
    """Return whether a line ends with a mark that no heading ends with."""
    return bool(_SENTENCE_END.search(line))
