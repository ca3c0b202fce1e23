"""The scenarios: what is done to a digest while it is being sent."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import ConnectionError as NobodyThere

from benchmarks.chaos.stage import TIMEOUT_SECONDS, TOP, Stage
from foundation.fault_injection import POINTS, PREPARED

Disturb = Callable[["Scene"], None]
DEATH = 30.0  # seconds within which a process has to come to a point
SESSIONS = 4  # that one process may have open (SEND_SESSIONS), each with one message in flight


@dataclass(slots=True)
class Scene:
    """A digest that is being sent. `may_be_uncertain` counts the messages that may have become so,
    `missed` the deaths that were wanted and that nobody died."""

    stage: Stage
    readers: int
    before: int
    draw: random.Random
    may_be_uncertain: int = 0
    missed: int = 0

    def at(self, share: float) -> None:
        """Wait until so much of the digest has been taken by the mail server."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.stage.taken()) - self.before < share * self.readers:
            if time.monotonic() > deadline:
                raise SystemExit(f"Nothing moves any more; see {self.stage.data}/log.")
            time.sleep(0.02)

    def die(self, point: str) -> None:
        """Have a process die at a named point, and wait until one did."""
        self.point(point).touch()
        deadline = time.monotonic() + DEATH
        while self.point(point).exists():
            if time.monotonic() > deadline:
                self.point(point).unlink(missing_ok=True)
                self.missed += 1
                return
            time.sleep(0.02)
        self.may_be_uncertain += SESSIONS

    def point(self, name: str) -> Path:
        """The file for which a process dies at a named point."""
        return self.stage.data / "chaos" / name

    def senders(self) -> list[int]:
        """The processes of the pool that sends digests, without the one that keeps them."""
        found = self.stage.processes("digests@%h")
        return [pid for pid in found if _parent(pid) in found]

    def kill(self, pids: list[int], *, with_: signal.Signals = signal.SIGKILL) -> None:
        """End processes, each of which had at most SESSIONS messages in flight."""
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, with_)
                self.may_be_uncertain += SESSIONS if with_ is signal.SIGKILL else 0


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def nothing(_scene: Scene) -> None:
    """Do nothing: all goes well."""


def killed(times: int) -> Disturb:
    """A process of the pool is killed at that many moments, drawn by lot."""

    def disturb(scene: Scene) -> None:
        for share in sorted(scene.draw.uniform(0, 0.9) for _ in range(times)):
            scene.at(share)
            if pids := scene.senders():
                scene.kill([scene.draw.choice(pids)])

    return disturb


def killed_at(point: str) -> Disturb:
    """A process dies at a named point, three times."""

    def disturb(scene: Scene) -> None:
        for share in (0.1, 0.4, 0.7):
            scene.at(share)
            scene.die(point)

    return disturb


def killed_when_prepared(scene: Scene) -> None:
    """The process that wrote down who gets what dies before it rings; the file lay there before."""
    scene.at(0.1)
    scene.missed += scene.point(PREPARED).exists()


def keeper_killed(scene: Scene) -> None:
    """The worker with all its pool is killed, twice."""
    for share in (0.2, 0.6):
        scene.at(share)
        scene.kill(scene.stage.processes("digests@%h"))


def worker_asked_to_end(scene: Scene) -> None:
    """The worker gets SIGTERM, twice: it drains."""
    for share in (0.2, 0.6):
        scene.at(share)
        found = scene.stage.processes("digests@%h")
        scene.kill([pid for pid in found if _parent(pid) not in found], with_=signal.SIGTERM)


def everybody_asked_to_end(scene: Scene) -> None:
    """Send all processes of the worker SIGTERM at once, twice, as from systemd: it drains."""
    for share in (0.2, 0.6):
        scene.at(share)
        scene.kill(scene.stage.processes("digests@%h"), with_=signal.SIGTERM)


def redis_emptied(scene: Scene) -> None:
    """FLUSHALL, five times."""
    for share in (0.05, 0.2, 0.4, 0.6, 0.8):
        scene.at(share)
        with contextlib.suppress(NobodyThere):
            scene.stage.redis().flushall()


def redis_killed(scene: Scene) -> None:
    """The Redis server is killed, twice, and comes back."""
    for share in (0.2, 0.6):
        scene.at(share)
        scene.stage.end("valkey")


def postgres_restarted(scene: Scene) -> None:
    """PostgreSQL crashes and comes back, twice."""
    for share in (0.2, 0.6):
        scene.at(share)
        scene.stage.restart_postgres()
        scene.may_be_uncertain += SESSIONS * len(scene.senders())


def mail_server_killed(scene: Scene) -> None:
    """Kill one of the two mail servers, twice; it comes back after 3 s."""
    for share in (0.2, 0.6):
        scene.at(share)
        scene.may_be_uncertain += SESSIONS * len(scene.senders())
        port = scene.draw.choice(scene.stage.smtp)
        scene.stage.end(f"benchmarks.chaos.flaky\0{port}")
        time.sleep(3)
        scene.stage.serve_mail(port)


def flaky(mood: str, *, may_be_uncertain: bool) -> Disturb:
    """The mail server has a mood from a tenth to two thirds of the digest; each text after which
    it said nothing is `may_be_uncertain`."""

    def disturb(scene: Scene) -> None:
        scene.at(0.1)
        scene.stage.mood(mood)
        scene.at(0.66) if may_be_uncertain else time.sleep(3)
        scene.stage.mood("well")

    return disturb


def second_beat(scene: Scene) -> None:
    """A beat runs beside the service's own until half is sent."""
    with _beat(scene.stage):
        scene.at(0.5)


@contextlib.contextmanager
def _beat(stage: Stage) -> Iterator[None]:
    schedule = str(stage.data / "second-beat")
    command = [sys.executable, "-m", "celery", "-A", "bulletin_site", "beat", "-s", schedule]
    process = subprocess.Popen(
        [*command, "--pidfile="], cwd=TOP, env=stage.environment, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def scenarios(kills: int) -> dict[str, Disturb]:
    """Return all of them by name; a name that ends with `prepared` finds its file before
    publishing."""
    points = {f"killed at: {point}": killed_at(point) for point in POINTS if point != PREPARED}
    return {
        "undisturbed": nothing,
        f"killed at {kills} moments": killed(kills),
        "killed at: prepared": killed_when_prepared,
        **points,
        "the whole worker killed": keeper_killed,
        "SIGTERM": worker_asked_to_end,
        "Redis emptied": redis_emptied,
        "Redis killed": redis_killed,
        "PostgreSQL crashed": postgres_restarted,
        "one of two mail servers killed": mail_server_killed,
        "SIGTERM to all processes": everybody_asked_to_end,
        "mail server busy (421)": flaky("busy", may_be_uncertain=False),
        "mail server silent": flaky("silent 0.001", may_be_uncertain=True),
        "mail server hangs up": flaky("rude 0.005", may_be_uncertain=True),
        "two publish at once": nothing,
        "a second beat": second_beat,
    }
