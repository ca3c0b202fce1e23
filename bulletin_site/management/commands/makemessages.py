"""`manage.py makemessages`, which also finds the words in the MJML of mails."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages


class Command(makemessages.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's arguments, with .mjml among the extensions from the start."""
        super().add_arguments(parser)
        parser.set_defaults(extensions=["html", "txt", "py", "mjml"])
