"""The files that an operator copies are good as they stand."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings

from bulletin_site.settings import env
from digests.monitoring import QUEUES
from tests.support.ports import free_ports

DEPLOY = Path(settings.BASE_DIR, "deploy")
UNITS = sorted(DEPLOY.glob("systemd/*"))
TOKEN = "s3cr3tT0ken"


def lines(unit: Path) -> str:
    return unit.read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_each_unit(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd on this machine")
    here = str(Path(sys.executable).parent)
    for each in UNITS:
        ours = lines(each).replace("/srv/bulletin/.venv/bin", here)
        (tmp_path / each.name).write_text(ours)
    ran = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in ran.stderr.splitlines() if "bulletin" in line]
    assert about_ours == []


def test_there_is_a_unit_for_each_queue_the_site_and_the_beat() -> None:
    started = "".join(re.findall(r"^ExecStart=.*$", "".join(map(lines, UNITS)), re.MULTILINE))
    assert re.findall(r"-Q (\w+) -n (\w+)@%%h", started) == [(each, each) for each in QUEUES]
    assert "gunicorn bulletin_site.wsgi" in started
    assert "bulletin_site beat" in started
    wanted = lines(DEPLOY / "systemd" / "bulletin.target")
    assert all(unit.name in wanted for unit in UNITS if unit.suffix == ".service")


def test_the_settings_to_copy_are_settings_of_ours(tmp_path: Path) -> None:
    example = DEPLOY / "env.example"
    given = re.findall(r"^([A-Z_]+)=(.*)$", example.read_text(), re.MULTILINE)
    assert {name for name, _ in given} <= set(env.dump())
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={**dict(given), "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "WARNING" in ran.stderr) == (0, False), ran.stderr


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int, Path]]:
    """nginx with our example, before nobody: its ports for http and https, and its logs."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("there is no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    http_port, https_port, site = free_ports(3)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-keyout", folder / "key", "-out", folder / "certificate"),
        ],
        check=True,
        capture_output=True,
    )
    conf_text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for ours, here in (
        (r".*listen \[::\].*\n", ""),
        (r"listen 80;", f"listen 127.0.0.1:{http_port};"),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{https_port} ssl;"),
        (r"/etc/letsencrypt/\S+/fullchain.pem", str(folder / "certificate")),
        (r"/etc/letsencrypt/\S+/privkey.pem", str(folder / "key")),
        (r"/var/log/nginx", str(folder)),
        (r"127.0.0.1:8000", f"127.0.0.1:{site}"),
    ):
        conf_text, number = re.subn(ours, here, conf_text)
        assert number, ours
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    user = "user root;" if Path("/root").stat().st_uid == Path(folder).stat().st_uid else ""
    conf.write_text(
        f"{user} daemon off; pid {folder / 'pid'}; error_log {folder / 'main.log'};"
        f"events {{}} http {{ {temporary}\n{conf_text}\n}}"
    )
    command = [shutil.which("nginx", path="/usr/sbin:/usr/bin") or "", "-c", str(conf)]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", https_port)) == 0:
                    break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield http_port, https_port, folder
        running.terminate()


def status(port: int, path: str, **words: object) -> int:
    http = HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context(), timeout=20)
    method = "POST" if words else "GET"
    http.request(method, path, headers={"Referer": f"https://x/leave/{TOKEN}/"}, **words)  # type: ignore[arg-type]
    answer = http.getresponse().status
    http.close()
    return answer


def test_the_proxy_writes_no_token_into_its_logs(proxy: tuple[int, int, Path]) -> None:
    http_port, https_port, folder = proxy
    for room in ("confirm", "preferences", "pause", "stop", "leave", "editions"):
        assert status(https_port, f"/{room}/{TOKEN}/?next={TOKEN}") == 502
    http = HTTPConnection("127.0.0.1", http_port, timeout=20)
    http.request("GET", f"/leave/{TOKEN}/")
    assert http.getresponse().status == 301
    http.close()
    written = "".join(log.read_text() for log in folder.glob("*.log"))
    assert '"GET /preferences/..." 502' in written
    assert TOKEN not in written


def test_every_address_with_a_token_is_known_to_the_proxy() -> None:
    source = "".join(
        Path(settings.BASE_DIR, app, "urls.py").read_text()
        for app in ("subscribers", "digests", "accounts")
    )
    rooms = set(re.findall(r'"([\w/]+)/<str:token>', source))
    (known,) = re.findall(r"\(\?<page>([\w/|]+)\)", (DEPLOY / "nginx.conf").read_text())
    assert rooms <= set(known.split("|"))


def test_a_pdf_of_the_allowed_size_passes_the_proxy_and_a_flood_does_not(
    proxy: tuple[int, int, Path],
) -> None:
    _, https_port, _ = proxy
    body = b"x" * settings.PDF_MAX_BYTES
    assert (
        status(https_port, "/admin/issues/issue/add/", body=body) == 502
    )  # it went on to the site
    assert status(https_port, "/b/news/subscribe/", body=body[: 2 << 20]) == 413
