"""Issues, their sections and articles, text that is in none, and what was deleted from drafts."""

from issues.models.article import Article
from issues.models.issue import Issue
from issues.models.piece import Piece
from issues.models.removal import Removal
from issues.models.section import Section

__all__ = ["Article", "Issue", "Piece", "Removal", "Section"]
