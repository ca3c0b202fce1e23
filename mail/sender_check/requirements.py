"""How a sender stands with mail providers: what they look up, and what they would miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from publicsuffixlist import PublicSuffixList

from mail.dkim import keys
from mail.dkim.signatures import Signer
from mail.sender_check import spf
from mail.sender_check.resolver import NoAnswer, Resolver


class State(StrEnum):
    """What came out of a check."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """What providers look at."""

    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    HTTPS = "https"
    LEAVING = "List-Unsubscribe"
    PTR = "PTR"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the domains of From and of the return path, who signs, the machines from which
    mail leaves, the selector by which the mail server signs where we do not, and the site."""

    domain: str
    return_domain: str
    signers: tuple[Signer, ...]
    machines: tuple[str, ...]
    selector: str
    site_url: str
    reads_mail: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """`detail` is a name or a record of the DNS, in no language."""

    check: Check
    state: State
    detail: str


def findings(sender: Sender, *, dns: Resolver) -> Iterator[Finding]:
    """One finding for each check, or more. Raises nothing; a few seconds without a DNS."""
    looked_up: dict[Check, Callable[[Sender, Resolver], Iterable[tuple[State, str]]]] = {
        Check.SPF: _spf,
        Check.DKIM: _dkim,
        Check.DMARC: _dmarc,
        Check.PTR: _ptr,
    }
    for check, look in looked_up.items():
        try:
            yield from (Finding(check, state, detail) for state, detail in look(sender, dns))
        except NoAnswer as error:
            yield Finding(check, State.UNKNOWN, str(error))
        except (spf.BrokenSpf, ValueError) as error:
            yield Finding(check, State.MISSING, str(error))
    https = sender.site_url.startswith("https://")
    yield Finding(Check.HTTPS, _good_if(https), sender.site_url)
    yield Finding(Check.LEAVING, _good_if(https and sender.reads_mail), "https, mailto")


def _good_if(good: object) -> State:
    return State.GOOD if good else State.MISSING


def _spf(sender: Sender, dns: Resolver) -> Iterator[tuple[State, str]]:
    record = spf.record(sender.return_domain, dns=dns)
    if not record or record.endswith("+all"):
        yield State.MISSING, f"{sender.return_domain} TXT {record or '-'}"
        return
    if not sender.machines:
        yield State.UNKNOWN, f"{sender.return_domain} TXT {record}"
    for machine in sender.machines:
        allowed = spf.is_authorized(sender.return_domain, machine, dns=dns)
        yield _good_if(allowed), f"{sender.return_domain} {machine}: {record}"


def _dkim(sender: Sender, dns: Resolver) -> Iterator[tuple[State, str]]:
    for signer in sender.signers:
        name = f"{signer.selector}._domainkey.{signer.domain}"
        wanted = _tags(keys.record(signer.key))["p"]
        published = [_tags(text).get("p", "") for text in dns.texts(name)]
        yield _good_if(wanted in published), name
    if not sender.signers and sender.selector:
        name = f"{sender.selector}._domainkey.{sender.domain}"
        yield _good_if(any(_tags(text).get("p") for text in dns.texts(name))), name
    elif not sender.signers:
        yield State.UNKNOWN, f"DKIM_KEYS=; --selector ?._domainkey.{sender.domain}"


def _dmarc(sender: Sender, dns: Resolver) -> Iterator[tuple[State, str]]:
    name, tags = _policy(sender.domain, dns)
    if tags.get("p") not in {"none", "quarantine", "reject"}:
        yield State.MISSING, f"_dmarc.{sender.domain}"
        return
    by_spf = is_aligned(sender.return_domain, sender.domain, strict=tags.get("aspf") == "s")
    strict = tags.get("adkim") == "s"
    signed = sender.signers and all(
        is_aligned(signer.domain, sender.domain, strict=strict) for signer in sender.signers
    )
    by_dkim = signed or (not sender.signers and sender.selector)
    yield _good_if(by_spf or by_dkim), f"{name} p={tags['p']}"


def _policy(domain: str, dns: Resolver) -> tuple[str, dict[str, str]]:
    """Return the DMARC record of the domain, or of its organizational domain, and its name
    (RFC 7489, section 6.6.3)."""
    for each in dict.fromkeys((domain, organizational_domain(domain))):
        name = f"_dmarc.{each}"
        for text in dns.texts(name):
            if text.lower().startswith("v=dmarc1"):
                return name, _tags(text)
    return "", {}


def is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Return whether two domains are aligned (RFC 7489, section 3.1): the same or, where that is
    not asked for strictly, of one organization."""
    if strict or one == other:
        return one == other
    return organizational_domain(one) == organizational_domain(other)


def organizational_domain(domain: str) -> str:
    """Return the part of `domain` that somebody registered: one label below a public suffix
    such as `org`, `gov.cn` or `co.uk` (RFC 7489, section 3.2); a public suffix as it is."""
    return _suffixes().privatesuffix(domain.lower()) or domain


@cache
def _suffixes() -> PublicSuffixList:
    """Load the list that is shipped with the library, in about 0.2 s, when it is first needed."""
    return PublicSuffixList()


def _ptr(sender: Sender, dns: Resolver) -> Iterator[tuple[State, str]]:
    if not sender.machines:
        yield State.UNKNOWN, "--machine ?"
    for machine in sender.machines:
        names = [name for name in dns.names(machine) if machine in dns.addresses(name)]
        yield _good_if(names), f"{machine} {' '.join(names) or '-'}"


def _tags(record: str) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs if value}
