"""Rendering a digest: blocks once per language, joined per edition, merged per reader.

`set_blocks` renders the whole digest by MJML, once per language, and cuts the result where the
template says, so that what is joined for a reader is what MJML would have given for that reader
alone. A `MessageRenderer` joins the blocks of an edition and fills in the merge fields; `Proofs`
are what editors see.
"""

from digests.rendering.block_rendering import LANGUAGES, preview_of, previewed, set_blocks
from digests.rendering.delivery_tokens import delivery_of
from digests.rendering.edition_contents import article_names
from digests.rendering.merge_fields import COLUMNS, Recipient
from digests.rendering.messages import MessageRenderer
from digests.rendering.proofs import Proofs, page, text
from mail.messages.template_rendering import CannotRender

__all__ = [
    "COLUMNS",
    "LANGUAGES",
    "CannotRender",
    "MessageRenderer",
    "Proofs",
    "Recipient",
    "article_names",
    "delivery_of",
    "page",
    "preview_of",
    "previewed",
    "set_blocks",
    "text",
]
