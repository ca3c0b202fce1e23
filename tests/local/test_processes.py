"""A supervisor starts processes, sees them end, and leaves none behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from bulletin_site.local.supervisor import Ended, Process, Supervisor


def python(code: str, *, name: str = "child") -> Process:
    return Process(name, (sys.executable, "-c", textwrap.dedent(code)))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def eventually_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def pid_in(file: Path) -> int:
    deadline = time.monotonic() + 10
    while not (file.exists() and file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return int(file.read_text())


def writes_its_pid(file: Path) -> str:
    return f"""
        import os, pathlib, time
        pathlib.Path({str(file)!r}).write_text(str(os.getpid()))
        time.sleep(60)
    """


def test_leaving_the_supervisor_ends_its_processes(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(python(writes_its_pid(tmp_path / "pid")))
        pid = pid_in(tmp_path / "pid")
        assert alive(pid)
    assert not alive(pid)


def test_what_others_lean_on_ends_after_them(tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    template = """
        import signal, sys, time
        def end(*_):
            time.sleep({seconds})
            with open({ends!r}, "a") as file:
                file.write("{name} ")
            sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        open({ready!r}, "w").write("1")
        time.sleep(60)
    """
    with Supervisor(tmp_path) as supervisor:
        for name, seconds in (("server", 0), ("worker", 0.5)):
            ready = tmp_path / f"{name} is ready"
            code = template.format(seconds=seconds, ends=str(ends), name=name, ready=str(ready))
            command = python(code, name=name).command
            supervisor.start(Process(name, command, is_dependency=name == "server"))
            pid_in(ready)
    assert ends.read_text().split() == ["worker", "server"]


def test_a_process_that_ends_again_and_again_is_named_with_its_log(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(python("raise SystemExit('the disk is full')", name="worker"))
        with pytest.raises(Ended) as ended:
            supervisor.watch()
    assert ended.value.name == "worker"
    assert "the disk is full" in ended.value.log.read_text()


def test_a_process_that_was_killed_is_started_again(tmp_path: Path) -> None:
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # also where tests run in the background
    pids = tmp_path / "pids"
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(
            python(f"""
                import os, time
                with open({str(pids)!r}, "a") as file:
                    print(os.getpid(), file=file, flush=True)
                time.sleep(60)
            """)
        )
        killing = threading.Thread(target=killed_twice, args=(pids,))
        killing.start()
        with pytest.raises(KeyboardInterrupt):
            supervisor.watch()
        killing.join()
    assert len(pids.read_text().split()) == 3


def killed_twice(pids: Path) -> None:
    """Kill the first and the second process, wait for the third, interrupt whoever watches."""
    for number in range(3):
        deadline = time.monotonic() + 10
        while not pids.exists() or len(pids.read_text().split()) <= number:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        if number < 2:
            os.kill(int(pids.read_text().split()[number]), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGINT)


def test_the_processes_end_even_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import time, sys
                from pathlib import Path
                from bulletin_site.local.supervisor import Supervisor, Process
                crew = Supervisor(Path({str(tmp_path)!r}))
                code = {textwrap.dedent(writes_its_pid(tmp_path / "pid"))!r}
                crew.start(Process("child", (sys.executable, "-c", code)))
                time.sleep(60)
            """),
        ]
    )
    pid = pid_in(tmp_path / "pid")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert eventually_gone(pid)
