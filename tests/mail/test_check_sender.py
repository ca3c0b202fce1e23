"""The command that checks the sender, against a real name server on the loopback address."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from dnslib import QTYPE, RR
from dnslib.server import DNSRecord, DNSServer
from pytest_django.fixtures import Settings

from mail.dkim import keys as dkim_keys
from mail.sender_check import requirements, spf
from mail.sender_check.resolver import Resolver
from tests.support.dkim import Keys
from tests.support.factories import a_bulletin

MACHINE = "192.0.2.25"


@dataclass
class NameServer:
    """Answers from lines of a zone file."""

    zone: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def resolve(self, request: DNSRecord, handler: object) -> DNSRecord:
        reply = request.reply()
        asked = request.q.qname
        for record in RR.fromZone("\n".join(self.zone.values())):
            if record.rname == asked and QTYPE[record.rtype] == QTYPE[request.q.qtype]:
                reply.add_answer(record)
        return reply


@pytest.fixture
def name_server() -> Iterator[NameServer]:
    resolver = NameServer()
    server = DNSServer(resolver, address="127.0.0.1", port=0)
    resolver.address = f"127.0.0.1:{server.server.server_address[1]}"
    server.start_thread()
    yield resolver
    server.stop()
    server.server.server_close()


@pytest.fixture
def correct_setup(name_server: NameServer, keys: Keys, settings: Settings, db: None) -> NameServer:
    """A DNS and settings in which nothing is missing."""
    settings.SITE_URL = "https://bulletin.example.org"
    settings.RETURN_PATH = "bounces@bounces.example.org"
    a_bulletin()
    key = dkim_keys.read(settings.DKIM_KEYS[0])
    name_server.zone = {
        "SPF": f'bounces.example.org. 60 IN TXT "v=spf1 ip4:{MACHINE} -all"',
        "DKIM": dkim_keys.zone_line("s1", "example.org", key).replace(" IN ", " 60 IN "),
        "DMARC": '_dmarc.example.org. 60 IN TXT "v=DMARC1; p=none"',
        "PTR": "25.2.0.192.in-addr.arpa. 60 IN PTR mail.example.org.",
        "A": f"mail.example.org. 60 IN A {MACHINE}",
    }
    return name_server


def output_of(name_server: NameServer, *options: str, language: str = "en") -> str:
    output = io.StringIO()
    command = ["check_sender", "--dns", name_server.address, "--machine", MACHINE, *options]
    with translation.override(language):
        try:
            call_command(*command, stdout=output)
        except CommandError as error:
            output.write(f"\nfailed: {error}")
    return output.getvalue()


def test_where_nothing_is_missing_the_command_ends_well(correct_setup: NameServer) -> None:
    output = output_of(correct_setup)
    assert "failed" not in output
    assert output.count(": ") >= 6
    assert "missing" not in output


@pytest.mark.parametrize(
    ("record", "who"),
    [("SPF", "Outlook"), ("DKIM", "Outlook"), ("DMARC", "Yahoo"), ("PTR", "QQ/163")],
)
def test_what_is_missing_in_the_dns_is_reported_with_the_providers_that_require_it(
    correct_setup: NameServer, record: str, who: str
) -> None:
    del correct_setup.zone[record]
    output = output_of(correct_setup)
    (line, words) = [part for part in output.split("\n  ") if record in part or who in part][:2]
    assert "missing" in line
    assert who in words
    assert "failed" in output


def _no_https(settings: Settings) -> None:
    settings.SITE_URL = "http://bulletin.example.org"


def _no_mailbox(settings: Settings) -> None:
    settings.RETURN_PATH = ""


@pytest.mark.parametrize("change", [_no_https, _no_mailbox])
def test_without_https_or_a_mailbox_leaving_is_not_as_providers_want_it(
    correct_setup: NameServer, settings: Settings, change: Callable[[Settings], None]
) -> None:
    change(settings)
    output = output_of(correct_setup)
    assert "List-Unsubscribe  missing" in output
    assert "failed" in output


def test_a_key_that_is_not_the_published_one_is_missing(
    correct_setup: NameServer, keys: Keys
) -> None:
    other = dkim_keys.read(keys.add("other"))
    line = dkim_keys.zone_line("s1", "example.org", other)
    correct_setup.zone["DKIM"] = line.replace(" IN ", " 60 IN ")
    assert "DKIM              missing" in output_of(correct_setup)


def test_a_mail_server_that_signs_is_known_by_its_selector(
    correct_setup: NameServer, settings: Settings
) -> None:
    settings.DKIM_KEYS = []
    assert "DKIM              not known" in output_of(correct_setup)
    assert "DKIM              right" in output_of(correct_setup, "--selector", "s1")


def test_strict_dmarc_wants_the_very_domain_of_the_sender(
    correct_setup: NameServer, settings: Settings
) -> None:
    correct_setup.zone["DMARC"] = (
        '_dmarc.example.org. 60 IN TXT "v=DMARC1; p=reject; aspf=s; adkim=s"'
    )
    assert "DMARC             right" in output_of(correct_setup)
    settings.DKIM_KEYS = []  # what is left is the return path, at bounces.example.org
    assert "DMARC             missing" in output_of(correct_setup)


def test_the_words_are_chinese_where_the_operator_reads_it(correct_setup: NameServer) -> None:
    del correct_setup.zone["SPF"]
    assert "拒收" in output_of(correct_setup, language="zh-hans")


def test_without_a_name_server_a_requirement_is_not_known_and_no_fault(
    correct_setup: NameServer,
) -> None:
    correct_setup.address = "127.0.0.1:9"
    output = output_of(correct_setup)
    assert output.count("not known") == 4
    assert "failed" not in output


@pytest.mark.parametrize(
    ("records", "authorized"),
    [
        (["x.example. 60 IN TXT 'v=spf1 ip4:192.0.2.0/24 -all'"], True),
        (["x.example. 60 IN TXT 'v=spf1 ip4:198.51.100.1 -all'"], False),
        (["x.example. 60 IN TXT 'v=spf1 a -all'", "x.example. 60 IN A 192.0.2.25"], True),
        (
            [
                "x.example. 60 IN TXT 'v=spf1 mx ~all'",
                "x.example. 60 IN MX 10 m.example.",
                "m.example. 60 IN A 192.0.2.25",
            ],
            True,
        ),
        (
            [
                "x.example. 60 IN TXT 'v=spf1 include:y.example -all'",
                "y.example. 60 IN TXT 'v=spf1 redirect=z.example'",
                "z.example. 60 IN TXT 'v=spf1 ip4:192.0.2.25 -all'",
            ],
            True,
        ),
        (["x.example. 60 IN TXT 'v=spf1 -ip4:192.0.2.25 +all'"], False),
        (["x.example. 60 IN TXT 'v=spf1'"], False),
    ],
)
def test_spf_is_read_by_its_rules(
    name_server: NameServer, records: list[str], authorized: bool
) -> None:
    name_server.zone = {str(n): line.replace("'", '"') for n, line in enumerate(records)}
    assert spf.is_authorized("x.example", MACHINE, dns=Resolver(name_server.address)) is authorized


def test_spf_that_asks_on_and_on_is_broken(name_server: NameServer) -> None:
    name_server.zone = {"1": 'x.example. 60 IN TXT "v=spf1 include:x.example -all"'}
    with pytest.raises(spf.SpfPermError):
        spf.is_authorized("x.example", MACHINE, dns=Resolver(name_server.address))


@pytest.mark.parametrize(
    ("domain", "organization"),
    [
        ("news.institute.gov.cn", "institute.gov.cn"),
        ("physics.university.edu.cn", "university.edu.cn"),
        ("news.ostermere.co.uk", "ostermere.co.uk"),
        ("bounces.example.org", "example.org"),
        ("EXAMPLE.org", "example.org"),
        ("gov.cn", "gov.cn"),
    ],
)
def test_a_domain_belongs_to_whoever_registered_it_below_a_public_suffix(
    domain: str, organization: str
) -> None:
    assert requirements.organizational_domain(domain) == organization


def test_two_institutes_below_one_public_suffix_are_not_aligned() -> None:
    mine, theirs = "institute.gov.cn", "ministry.gov.cn"
    assert not requirements.is_aligned(f"bounces.{theirs}", mine, strict=False)
    assert requirements.is_aligned(f"bounces.{mine}", mine, strict=False)
