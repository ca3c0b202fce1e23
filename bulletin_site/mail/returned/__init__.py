"""What comes back by mail after sending: bounces, complaints, wishes to leave.

Values of bytes: nothing here knows who was mailed. `read` says what a mail means and where in
it the sealed key of `bulletin_site.mail.return_path` may stand; whoever has the tables decides.
"""

from bulletin_site.mail.returned.diagnosing import diagnose
from bulletin_site.mail.returned.kinds import Kind, Returned
from bulletin_site.mail.returned.parts import MOST_BYTES
from bulletin_site.mail.returned.reading import read

__all__ = ["MOST_BYTES", "Kind", "Returned", "diagnose", "read"]
