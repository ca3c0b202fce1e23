"""Domains of addresses that look mistyped: what was probably meant, for readers to be asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Where most mailboxes are, in China and elsewhere, those with most of them first: what is near is
# asked about.
COMMON = (
    "qq.com", "163.com", "gmail.com", "126.com", "outlook.com", "hotmail.com", "sina.com",
    "foxmail.com", "139.com", "189.cn", "icloud.com", "yahoo.com", "sohu.com", "aliyun.com",
    "sina.cn", "live.com", "live.cn", "yeah.net", "188.com", "vip.qq.com", "vip.163.com",
    "vip.126.com", "vip.sina.com", "21cn.com", "yahoo.com.cn", "yahoo.com.hk", "yahoo.com.tw",
    "yahoo.co.jp", "yahoo.co.uk", "hotmail.co.uk", "googlemail.com", "proton.me", "protonmail.com",
    "rocketmail.com", "fastmail.com", "tutanota.com", "btinternet.com", "comcast.net",
    "verizon.net", "t-online.de", "laposte.net", "hanmail.net", "naver.com", "yandex.ru",
)  # fmt: skip
# Where there are mailboxes, too: short names, to which too much is near, and neighbours of others.
OTHERS = frozenset({
    "126.net", "139.net", "163.net", "188.net", "263.com", "263.net", "aim.com", "al.com",
    "ao.com", "aol.com", "att.net", "bk.ru", "daum.net", "email.cn", "email.com", "email.de",
    "free.com", "free.fr", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.fr", "gmx.net", "gmx.us",
    "hey.com", "inbox.com", "inbox.ru", "libero.it", "list.ru", "live.ca", "live.cl", "live.co",
    "live.fr", "live.nl", "love.com", "mac.com", "mail.cn", "mail.com", "mail.de", "mail.ee",
    "mail.ru", "me.com", "me.net", "msn.cn", "msn.com", "mx.com", "my.com", "naver.net", "o2.pl",
    "orange.com", "orange.fr", "orange.net", "pm.com", "pm.me", "proton.com", "sina.com.cn",
    "sina.net", "tom.cn", "tom.com", "wanadoo.fr", "we.com", "web.de", "wo.cn", "wow.com", "wp.pl",
    "ya.ru", "yandex.by", "yandex.com", "yandex.kz", "yandex.ua", "ymail.com", "zoho.cn",
    "zoho.com", "zoho.eu", "zoho.in",
})  # fmt: skip
# Providers with domains in many countries: yahoo.fr, hotmail.com.tr, outlook.co.th.
OF_COUNTRIES = frozenset({"yahoo", "hotmail", "live", "outlook", "gmx", "yandex", "mail"})
_COUNTRY = re.compile(r"(?:com?\.)?[a-z]{2}")
# Endings of these that none of their mailboxes has, as far as is known.
WRONG = {
    "gmail.cn": "gmail.com", "gmail.co": "gmail.com", "gmail.cm": "gmail.com",
    "gmail.net": "gmail.com", "qq.cn": "qq.com", "qq.com.cn": "qq.com", "163.cn": "163.com",
    "163.com.cn": "163.com", "126.cn": "126.com", "126.com.cn": "126.com", "139.cn": "139.com",
    "189.com": "189.cn", "189.com.cn": "189.cn", "foxmail.cn": "foxmail.com",
    "sohu.cn": "sohu.com", "aliyun.cn": "aliyun.com", "icloud.cn": "icloud.com",
    "icloud.com.cn": "icloud.com", "yeah.com": "yeah.net", "yeah.cn": "yeah.net",
    "outlook.cn": "outlook.com", "outlook.com.cn": "outlook.com", "hotmail.cn": "hotmail.com",
    "hotmail.com.cn": "hotmail.com", "hotmail.co": "hotmail.com", "hotmail.cm": "hotmail.com",
    "outlook.co": "outlook.com", "outlook.cm": "outlook.com", "yahoo.co": "yahoo.com",
    "yahoo.cm": "yahoo.com", "live.cm": "live.com", "proton.cn": "proton.me",
}  # fmt: skip
# Last parts of domains that there are none of.
ENDINGS = {
    "con": "com", "cmo": "com", "ocm": "com", "comm": "com", "coom": "com", "vom": "com",
    "xom": "com", "cpm": "com", "c0m": "com", "conm": "com", "ccom": "com", "coml": "com",
    "comcn": "com.cn", "cnn": "cn", "cnm": "cn", "ent": "net", "nte": "net", "nett": "net",
    "ogr": "org", "orgg": "org", "rog": "org", "eud": "edu", "deu": "edu",
}  # fmt: skip
LONG = 10  # letters of a domain in which two may be wrong
MAX_LENGTH = 254

_MAILBOX = re.compile(r"(?P<local>[^@\s]+)@(?P<domain>[^@\s]+)")


@dataclass(frozen=True, slots=True)
class Question:
    """An address as it was `typed`, and as it was probably `meant`."""

    typed: str
    meant: str

    @property
    def typed_domain(self) -> str:
        """Return what stands behind the @."""
        return self.typed.rpartition("@")[2]

    @property
    def meant_domain(self) -> str:
        """Return what was probably to stand there."""
        return self.meant.rpartition("@")[2]


def question(text: str) -> Question | None:
    """Return what to ask about an address as somebody typed it; None where there is nothing."""
    plain = unicodedata.normalize("NFKC", text.strip())
    match = _MAILBOX.fullmatch(plain) if len(plain) <= MAX_LENGTH else None
    if match is None:
        return None
    meant = meant_domain(match["domain"].casefold().rstrip("."))
    return Question(plain, f"{match['local']}@{meant}") if meant else None


@lru_cache(maxsize=4096)
def meant_domain(domain: str) -> str:
    """Return the domain that was probably meant; "" where it is not known to be another one."""
    if domain in COMMON or domain in OTHERS or "xn--" in domain:
        return ""
    if domain in WRONG:
        return WRONG[domain]
    head, _dot, last = domain.rpartition(".")
    ended = f"{head}.{ENDINGS[last]}" if head and last in ENDINGS else ""
    if ended:
        return WRONG.get(ended, "") or _nearest(ended) or ended
    return _nearest(domain)


def _nearest(domain: str) -> str:
    """Return the most common domain of those that are nearest; "" where none is near enough."""
    name, _dot, rest = domain.partition(".")
    if domain in OTHERS or (name in OF_COUNTRIES and _COUNTRY.fullmatch(rest)):
        return domain if domain in COMMON else ""
    near = [(_distance(domain, common), n) for n, common in enumerate(COMMON)]
    distance, n = min(near)
    return COMMON[n] if distance <= 1 or (distance == 2 and _may_be_two(domain, COMMON[n])) else ""


def _may_be_two(domain: str, common: str) -> bool:
    """Whether two letters may be wrong: in a long name, and not in what stands behind it, which is
    a country's."""
    return len(common) >= LONG and domain.partition(".")[0] != common.partition(".")[0]


def _distance(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many, or have changed places with the next
    (optimal string alignment); 3 for more than two."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, start=1):
        older, before, row = before, row, [n]
        for m, wanted in enumerate(other, start=1):
            least = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (letter != wanted))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == wanted:
                least = min(least, older[m - 2] + 1)
            row.append(least)
    return min(row[-1], 3)
