"""A mail server with moods: `python -m benchmarks.chaos.flaky PORT FOLDER SECONDS`.

It writes down each message that it takes, a line `MESSAGE-ID RECIPIENT` in FOLDER/taken, SECONDS
before it says so; and a line in FOLDER/unanswered for each text after which it says nothing. The
file FOLDER/mood says how it behaves: `well`, `busy` (421 to every sender), `silent`
(no answer to a text) or `rude` (it takes a text and hangs up without a word), each for the
share of messages that stands behind the word, 1 for all.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sys
from pathlib import Path
from typing import IO

_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class _Conversation:
    def __init__(self, folder: Path, taken: IO[str], unanswered: IO[str], *, slow: float) -> None:
        self._mood = folder / "mood"
        self._taken = taken
        self._unanswered = unanswered
        self._slow = slow
        self._recipient = ""

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one client until it leaves."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"220 flaky ESMTP\r\n")
            while line := await reader.readline():
                if not await self._answer(line, reader, writer):
                    break
        writer.close()

    async def _answer(
        self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        match line[:4].upper():
            case b"EHLO":
                writer.write(b"250-flaky\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
            case b"MAIL" if self._is("busy"):
                writer.write(b"421 4.3.2 Busy\r\n")
                return False
            case b"RCPT":
                self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                writer.write(b"250 Ok\r\n")
            case b"DATA":
                writer.write(b"354 Go on\r\n")
                return await self._take(reader, writer)
            case b"QUIT":
                writer.write(b"221 Bye\r\n")
                return False
            case _:
                writer.write(b"250 Ok\r\n")
        return True

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        text = await reader.readuntil(b"\r\n.\r\n")
        found = _ID.search(text)
        name = found[1].decode() if found else "<none>"
        if self._is("silent"):
            print(name, file=self._unanswered, flush=True)
            await asyncio.sleep(3600)
        print(name, self._recipient, file=self._taken, flush=True)
        if self._is("rude"):
            print(name, file=self._unanswered, flush=True)
            return False
        await asyncio.sleep(self._slow)
        writer.write(b"250 2.0.0 Taken\r\n")
        return True

    def _is(self, mood: str) -> bool:
        name, _, share = self._mood.read_text().partition(" ")
        return name == mood and random.random() < float(share or 1)


async def _serve(port: int, folder: Path, *, slow: float) -> None:
    with (folder / "taken").open("a") as taken, (folder / "unanswered").open("a") as unanswered:

        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await _Conversation(folder, taken, unanswered, slow=slow).hold(reader, writer)

        server = await asyncio.start_server(hold, "127.0.0.1", port, limit=1 << 22)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), slow=float(sys.argv[3])))
