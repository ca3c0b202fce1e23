"""The command that makes keys: what it prints is what the DNS needs."""

from __future__ import annotations

import io
import re
import stat
from pathlib import Path

import dns.zone
import pytest
from django.core.management import CommandError, call_command
from dns.rdtypes.ANY.TXT import TXT
from pytest_django.fixtures import Settings

from tests.mail.test_dkim import a_message
from tests.support.dkim import verified


def output_of(folder: Path, *options: str) -> str:
    output = io.StringIO()
    call_command("make_dkim_key", "example.org", "--folder", str(folder), *options, stdout=output)
    return output.getvalue()


def published(output: str) -> dict[bytes, bytes]:
    """The TXT records that a name server reads from what was printed."""
    lines = "\n".join(line for line in output.splitlines() if " IN TXT " in line)
    soa = "@ 60 IN SOA ns.example.org. x.example.org. 1 60 60 60 60\n@ IN NS ns\n"
    zone = dns.zone.from_text(f"$TTL 60\n{soa}{lines}", origin="example.org.")
    return {
        f"{name}.example.org.".encode(): b"".join(record.strings)
        for name, _ttl, record in zone.iterate_rdatas("TXT")
        if isinstance(record, TXT)
    }


def test_a_message_signed_with_the_new_keys_is_right_by_the_printed_records(
    tmp_path: Path, settings: Settings
) -> None:
    output = output_of(tmp_path / "dkim", "--ed25519")
    settings_lines = dict(re.findall(r"^(DKIM_\w+)=(.*)$", output, re.MULTILINE))
    settings.DKIM_KEYS = [Path(path) for path in settings_lines["DKIM_KEYS"].split(",")]
    settings.DKIM_DOMAINS = settings_lines["DKIM_DOMAINS"].split(",")
    data = a_message()
    assert verified(data, published(output))
    assert verified(data, published(output), signature=1)


def test_one_rsa_key_unless_another_is_asked_for(tmp_path: Path) -> None:
    assert [record[:15] for record in published(output_of(tmp_path)).values()] == [
        b"v=DKIM1; k=rsa;"
    ]


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    output_of(tmp_path)
    assert stat.S_IMODE((tmp_path / "bulletin.pem").stat().st_mode) == 0o600


def test_a_key_that_is_there_is_kept_and_its_record_printed_again(tmp_path: Path) -> None:
    assert output_of(tmp_path) == output_of(tmp_path)


def test_a_file_that_is_no_key_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "bulletin.pem").write_text("nothing")
    with pytest.raises(CommandError, match=r"bulletin\.pem"):
        output_of(tmp_path)
