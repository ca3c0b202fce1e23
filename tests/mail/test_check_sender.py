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
from tests.mail.conftest import Keys
from tests.support.making import a_bulletin

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
def right(name_server: NameServer, keys: Keys, settings: Settings, db: None) -> NameServer:
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


def said_by(name_server: NameServer, *options: str, language: str = "en") -> str:
    said = io.StringIO()
    command = ["check_sender", "--dns", name_server.address, "--machine", MACHINE, *options]
    with translation.override(language):
        try:
            call_command(*command, stdout=said)
        except CommandError as error:
            said.write(f"\nfailed: {error}")
    return said.getvalue()


def test_where_nothing_is_missing_the_command_ends_well(right: NameServer) -> None:
    said = said_by(right)
    assert "failed" not in said
    assert said.count(": ") >= 6
    assert "missing" not in said


@pytest.mark.parametrize(
    ("gone", "who"),
    [("SPF", "Outlook"), ("DKIM", "Outlook"), ("DMARC", "Yahoo"), ("PTR", "QQ/163")],
)
def test_what_is_missing_in_the_dns_is_said_with_who_would_miss_it(
    right: NameServer, gone: str, who: str
) -> None:
    del right.zone[gone]
    said = said_by(right)
    (line, words) = [part for part in said.split("\n  ") if gone in part or who in part][:2]
    assert "missing" in line
    assert who in words
    assert "failed" in said


def _no_https(settings: Settings) -> None:
    settings.SITE_URL = "http://bulletin.example.org"


def _no_mailbox(settings: Settings) -> None:
    settings.RETURN_PATH = ""


@pytest.mark.parametrize("change", [_no_https, _no_mailbox])
def test_without_https_or_a_mailbox_leaving_is_not_as_providers_want_it(
    right: NameServer, settings: Settings, change: Callable[[Settings], None]
) -> None:
    change(settings)
    said = said_by(right)
    assert "List-Unsubscribe  missing" in said
    assert "failed" in said


def test_a_key_that_is_not_the_published_one_is_missing(right: NameServer, keys: Keys) -> None:
    other = dkim_keys.read(keys.add("other"))
    line = dkim_keys.zone_line("s1", "example.org", other)
    right.zone["DKIM"] = line.replace(" IN ", " 60 IN ")
    assert "DKIM              missing" in said_by(right)


def test_a_mail_server_that_signs_is_known_by_its_selector(
    right: NameServer, settings: Settings
) -> None:
    settings.DKIM_KEYS = []
    assert "DKIM              not known" in said_by(right)
    assert "DKIM              right" in said_by(right, "--selector", "s1")


def test_strict_dmarc_wants_the_very_domain_of_the_sender(
    right: NameServer, settings: Settings
) -> None:
    right.zone["DMARC"] = '_dmarc.example.org. 60 IN TXT "v=DMARC1; p=reject; aspf=s; adkim=s"'
    assert "DMARC             right" in said_by(right)
    settings.DKIM_KEYS = []  # what is left is the return path, at bounces.example.org
    assert "DMARC             missing" in said_by(right)


def test_the_words_are_chinese_where_the_operator_reads_it(right: NameServer) -> None:
    del right.zone["SPF"]
    assert "拒收" in said_by(right, language="zh-hans")


def test_a_name_server_that_does_not_answer_is_not_known_and_no_fault(right: NameServer) -> None:
    right.address = "127.0.0.1:9"
    said = said_by(right)
    assert said.count("not known") == 4
    assert "failed" not in said


@pytest.mark.parametrize(
    ("records", "lets"),
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
def test_spf_is_read_by_its_rules(name_server: NameServer, records: list[str], lets: bool) -> None:
    name_server.zone = {str(n): line.replace("'", '"') for n, line in enumerate(records)}
    assert spf.is_authorized("x.example", MACHINE, dns=Resolver(name_server.address)) is lets


def test_spf_that_asks_on_and_on_is_broken(name_server: NameServer) -> None:
    name_server.zone = {"1": 'x.example. 60 IN TXT "v=spf1 include:x.example -all"'}
    with pytest.raises(spf.BrokenSpf):
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
