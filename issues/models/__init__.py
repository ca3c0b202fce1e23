"""Issues, their files, sections and articles, text that is in none; the history of issues, the bin,
and who is at work on them."""

from issues.models.article import Article
from issues.models.at_work import KeptText, Presence
from issues.models.bin import BinEntry
from issues.models.issue import Issue
from issues.models.issue_file import IssueFile, PagedFile
from issues.models.piece import Piece
from issues.models.rereading import Rereading
from issues.models.revision import ArticleState, Revision
from issues.models.section import Section
from issues.models.sign_off import SignOff, SignOffRequest

__all__ = [
    "Article",
    "ArticleState",
    "BinEntry",
    "Issue",
    "IssueFile",
    "KeptText",
    "PagedFile",
    "Piece",
    "Presence",
    "Rereading",
    "Revision",
    "Section",
    "SignOff",
    "SignOffRequest",
]
