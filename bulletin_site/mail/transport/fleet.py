"""The mail servers of the settings: each message goes by one of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from django.utils import timezone

from bulletin_site.mail import closures
from bulletin_site.mail.servers import Server
from bulletin_site.mail.transport.letters import Hurry, Letters, Note, Pile, never
from bulletin_site.mail.transport.metering import Metered
from bulletin_site.mail.transport.outcomes import Away
from bulletin_site.mail.transport.pool import Pool

LONGEST = 120.0  # seconds that a server is left alone: to ask whether it is back costs little


class Fleet:
    """A `bulletin_site.mail.transport.Transport` by several servers, with up to `sessions`
    sessions each.

    What is handed over at a time goes by one of them, drawn by weight. One that is away, puts off
    whatever it gets or has had what its pace allows is passed over, and the rest goes by another.
    """

    def __init__(self, servers: Sequence[Server], *, sessions: int, paced: bool = True) -> None:
        self._pools = {server: Pool(server, sessions=sessions) for server in servers}
        self._paced = paced

    def close(self) -> None:
        """End the sessions."""
        for pool in self._pools.values():
            pool.close()

    def hand_over(self, letters: Letters, *, note: Note, hurry: Hurry = never) -> float | None:
        """As `Transport` says."""
        pile, waits = Pile(letters), []
        away: Away | None = None
        closed = closures.known(map(str, self._pools))
        for server in _in_turn(self._pools):
            closure = closed.get(str(server))
            if closure and closure.left > 0:
                waits.append(closure.left)
                continue
            turn = self._metered(server, pile, hurry=hurry)
            away = self._pools[server].drain(turn, note=turn.heard(note), hurry=hurry)
            if turn.taken and closure:
                closures.reopen([str(server)])
            if pile.spent or hurry():
                return None
            if not turn.wait:
                said = away.said if away else turn.answer
                problem = away.problem if away else ""
                turn.wait = closures.close(
                    str(server), answer=said, problem=problem, longest=LONGEST
                ).left
            waits.append(turn.wait)
        if away is not None:
            note([(key, away) for key in pile.returned], [])
        return min(waits)

    def _metered(self, server: Server, pile: Pile, *, hurry: Hurry) -> Metered:
        pace = server.pace(today=timezone.localdate()) if self._paced else None
        return Metered(pile, name=str(server), pace=pace, hurry=hurry)


def _in_turn(servers: Collection[Server]) -> list[Server]:
    """All of `servers` in an order drawn by lot; each is the first as often as its weight says
    (Efraimidis and Spirakis, 2006)."""
    return sorted(servers, key=lambda server: random.random() ** (1 / server.weight), reverse=True)
