"""Check a sender against the requirements of mail providers: what they look up, and what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from publicsuffixlist import PublicSuffixList

from mail.dkim import keys
from mail.dkim.signatures import Signer
from mail.sender_check import spf
from mail.sender_check.resolver import LookupFailed, Resolver


class FindingState(StrEnum):
    """The state of a requirement: whether it is met."""

    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Requirement(StrEnum):
    """The requirements of providers to bulk senders."""

    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"
    HTTPS = "https"
    UNSUBSCRIBE = "List-Unsubscribe"
    PTR = "PTR"


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender: the domains of From and of the return path, who signs, the machines from which
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
    """The finding whether a requirement is met; `detail` is a name or a record of the DNS, in no
    language."""

    requirement: Requirement
    state: FindingState
    detail: str


_Check = Callable[[Sender, Resolver], Iterable[tuple[FindingState, str]]]


def findings(sender: Sender, *, dns: Resolver) -> Iterator[Finding]:
    """Yield one finding or more for each requirement. Raises nothing; takes a few seconds where
    the DNS does not answer."""
    checks: dict[Requirement, _Check] = {
        Requirement.SPF: _spf,
        Requirement.DKIM: _dkim,
        Requirement.DMARC: _dmarc,
        Requirement.PTR: _ptr,
    }
    for requirement, check in checks.items():
        try:
            yield from (Finding(requirement, state, detail) for state, detail in check(sender, dns))
        except LookupFailed as error:
            yield Finding(requirement, FindingState.UNKNOWN, str(error))
        except (spf.SpfPermError, ValueError) as error:
            yield Finding(requirement, FindingState.MISSING, str(error))
    https = sender.site_url.startswith("https://")
    yield Finding(Requirement.HTTPS, _met_if(https), sender.site_url)
    yield Finding(Requirement.UNSUBSCRIBE, _met_if(https and sender.reads_mail), "https, mailto")


def _met_if(met: object) -> FindingState:
    return FindingState.MET if met else FindingState.MISSING


def _spf(sender: Sender, dns: Resolver) -> Iterator[tuple[FindingState, str]]:
    record = spf.record(sender.return_domain, dns=dns)
    if not record or record.endswith("+all"):
        yield FindingState.MISSING, f"{sender.return_domain} TXT {record or '-'}"
        return
    if not sender.machines:
        yield FindingState.UNKNOWN, f"{sender.return_domain} TXT {record}"
    for machine in sender.machines:
        allowed = spf.is_authorized(sender.return_domain, machine, dns=dns)
        yield _met_if(allowed), f"{sender.return_domain} {machine}: {record}"


def _dkim(sender: Sender, dns: Resolver) -> Iterator[tuple[FindingState, str]]:
    for signer in sender.signers:
        name = f"{signer.selector}._domainkey.{signer.domain}"
        wanted = _tags(keys.dns_record(signer.key))["p"]
        published = [_tags(text).get("p", "") for text in dns.texts(name)]
        yield _met_if(wanted in published), name
    if not sender.signers and sender.selector:
        name = f"{sender.selector}._domainkey.{sender.domain}"
        yield _met_if(any(_tags(text).get("p") for text in dns.texts(name))), name
    elif not sender.signers:
        yield FindingState.UNKNOWN, f"DKIM_KEYS=; --selector ?._domainkey.{sender.domain}"


def _dmarc(sender: Sender, dns: Resolver) -> Iterator[tuple[FindingState, str]]:
    name, tags = _policy(sender.domain, dns)
    if tags.get("p") not in {"none", "quarantine", "reject"}:
        yield FindingState.MISSING, f"_dmarc.{sender.domain}"
        return
    by_spf = is_aligned(sender.return_domain, sender.domain, strict=tags.get("aspf") == "s")
    strict = tags.get("adkim") == "s"
    signed = sender.signers and all(
        is_aligned(signer.domain, sender.domain, strict=strict) for signer in sender.signers
    )
    by_dkim = signed or (not sender.signers and sender.selector)
    yield _met_if(by_spf or by_dkim), f"{name} p={tags['p']}"


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
    """Return whether two domains are aligned (RFC 7489, section 3.1): the same or, unless
    `strict`, of one organization."""
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


def _ptr(sender: Sender, dns: Resolver) -> Iterator[tuple[FindingState, str]]:
    if not sender.machines:
        yield FindingState.UNKNOWN, "--machine ?"
    for machine in sender.machines:
        names = [name for name in dns.names(machine) if machine in dns.addresses(name)]
        yield _met_if(names), f"{machine} {' '.join(names) or '-'}"


def _tags(record: str) -> dict[str, str]:
    pairs = (tag.partition("=") for tag in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs if value}
