"""Acts of an editor on a draft: values that say what, and to which section, article or block.

They are kept in the history as JSON, and done again when an issue is read again.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pdf_reading.issue_text import StoredPassage


class BlockKind(StrEnum):
    """The kinds that a block can be made."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    QUOTATION = "quotation"


class _Act(Struct, frozen=True, tag_field="act", omit_defaults=True):
    """Something that is done at once, or not at all."""


class _OfBlock(_Act, frozen=True):
    block: str


class _OfArticle(_Act, frozen=True):
    article: int


class _OfSection(_Act, frozen=True):
    section: int


class BeginArticle(_OfBlock, frozen=True, tag="begin_article"):
    """An article begins at a block, which is its headline if it can be one."""


class BeginSection(_OfBlock, frozen=True, tag="begin_section"):
    """A section begins at a block, which is its title."""


class SetKind(_OfBlock, frozen=True, tag="set_kind"):
    """A block is a paragraph, a sub-heading, a list or a quotation."""

    kind: BlockKind


class Join(_OfBlock, frozen=True, tag="join"):
    """A block goes on with the one above it."""


class MoveBlock(_OfBlock, frozen=True, tag="move_block"):
    """A block moves into an article, before another block or ("") to its end."""

    article: int
    before: str = ""


class DropBlock(_OfBlock, frozen=True, tag="drop_block"):
    """A block goes into the bin."""


class EditBlock(_OfBlock, frozen=True, tag="edit_block"):
    """A block has other words; of several passages, the first keeps the handle."""

    passages: tuple[StoredPassage, ...]


class AddBlocks(_OfArticle, frozen=True, tag="add_blocks"):
    """An article has new passages behind a block, or ("") before all others."""

    passages: tuple[StoredPassage, ...]
    after: str = ""


class EditArticle(_OfArticle, frozen=True, tag="edit_article"):
    """An article has another headline, sub-title, source, byline or date; None leaves one."""

    title: str | None = None
    subtitle: str | None = None
    source: str | None = None
    byline: str | None = None
    date: str | None = None


class EditText(_OfArticle, frozen=True, tag="edit_text"):
    """An article has another text."""

    passages: tuple[StoredPassage, ...]


class MergeArticle(_OfArticle, frozen=True, tag="merge_article"):
    """The next article is a part of this one, under a sub-heading."""


class MoveArticle(_OfArticle, frozen=True, tag="move_article"):
    """An article moves into a section, before another article or (0) to its end."""

    section: int
    before: int = 0


class MailArticle(_OfArticle, frozen=True, tag="mail_article"):
    """An article is for mailing, or not."""

    mailed: bool


class DropArticle(_OfArticle, frozen=True, tag="drop_article"):
    """An article goes into the bin."""


class AddArticle(_OfSection, frozen=True, tag="add_article"):
    """A section has a new article at its end."""

    title: str


class DivideSection(_OfArticle, frozen=True, tag="divide_section"):
    """A section begins at an article."""

    title: str = ""


class EditSection(_OfSection, frozen=True, tag="edit_section"):
    """A section has another title."""

    title: str


class FileSection(_OfSection, frozen=True, tag="file_section"):
    """A section is about a topic (None: nobody said), or not for mailing."""

    topic: int | None = None
    not_for_mailing: bool = False


class MoveSection(_OfSection, frozen=True, tag="move_section"):
    """A section moves before another one, or (0) to the end."""

    before: int = 0


class MergeSection(_OfSection, frozen=True, tag="merge_section"):
    """The articles of a section belong to the section above it."""


class SectionToArticle(_OfSection, frozen=True, tag="section_to_article"):
    """A section is an article of the section above it; its articles are parts of that."""


class DropSection(_OfSection, frozen=True, tag="drop_section"):
    """A section goes into the bin with its articles."""


class AddSection(_Act, frozen=True, tag="add_section"):
    """The issue has a new section at its end."""

    title: str = ""


class TakeIn(_Act, frozen=True, tag="take_in"):
    """Text that is in no article becomes one, or (`article`) the end of one."""

    remnant: int
    article: int = 0


class DropRemnant(_Act, frozen=True, tag="drop_remnant"):
    """Text that is in no article goes into the bin."""

    remnant: int


class TakeBack(_Act, frozen=True, tag="take_back"):
    """Something in the bin goes back to where it was."""

    binned: str


class EditFacts(_Act, frozen=True, tag="edit_facts"):
    """The issue has another title, number, date or publisher; None leaves one."""

    title: str | None = None
    number: str | None = None
    date: str | None = None
    publisher: str | None = None


SingleAct = (
    BeginArticle
    | BeginSection
    | SetKind
    | Join
    | MoveBlock
    | DropBlock
    | EditBlock
    | AddBlocks
    | EditArticle
    | EditText
    | MergeArticle
    | MoveArticle
    | MailArticle
    | DropArticle
    | AddArticle
    | DivideSection
    | EditSection
    | FileSection
    | MoveSection
    | MergeSection
    | SectionToArticle
    | DropSection
    | AddSection
    | TakeIn
    | DropRemnant
    | TakeBack
    | EditFacts
)


class Several(_Act, frozen=True, tag="several"):
    """Acts that are done in one."""

    acts: tuple[SingleAct, ...]


Act = SingleAct | Several
