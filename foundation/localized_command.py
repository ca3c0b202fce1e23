"""Management commands in the language of the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext


def language_of(environment: Mapping[str, str]) -> str:
    """Return Chinese where the locale says so (POSIX.1-2017, 8.2: the first of LC_ALL, LC_MESSAGES
    and LANG that is set), else English, which every terminal can show."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next(filter(None, map(environment.get, names)), "")
    return "zh-hans" if locale.startswith("zh") else "en"


class LocalizedCommand(BaseCommand):
    """A command whose words and errors are in the operator's language; its `help` is marked
    by `gettext_noop`."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser, with the help translated."""
        self.help = gettext(self.help)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def run_from_argv(self, argv: list[str]) -> None:
        """Run as the command line says."""
        with translation.override(language_of(os.environ)):
            super().run_from_argv(argv)
