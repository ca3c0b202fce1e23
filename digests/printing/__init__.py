"""Printing a digest: blocks are set once per language, and joined per reader.

`set_blocks` renders the whole digest by MJML, once per language, and cuts the result where the
template says, so that what is joined for a reader is what MJML would have given for that
reader alone. A `Printer` joins the blocks of an edition and fills in the merge fields; `Proofs`
are what editors see.
"""

from bulletin_site.mail.printing import CannotPrint
from digests.printing.addressees import COLUMNS, Addressee
from digests.printing.joining import Printer
from digests.printing.proofs import Proofs
from digests.printing.setting import set_blocks, trial, tried
from digests.printing.tokens import delivery_of

__all__ = [
    "COLUMNS",
    "Addressee",
    "CannotPrint",
    "Printer",
    "Proofs",
    "delivery_of",
    "set_blocks",
    "trial",
    "tried",
]
