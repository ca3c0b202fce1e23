"""Classify bounces and rejections: hard, soft or blocked. Words of limits first, then codes.

After a hard bounce an address gets no mail any more, so what is unclear is a soft bounce: a mailbox
that is really gone goes on bouncing, and is found by counting.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mail.bounces.events import BounceKind

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")  # RFC 3463, section 2
_BASIC = re.compile(r"(?<![\d.])([245]\d\d)(?=[\s-]|$)")

# Some of the words come from servers that answer 550 to everything. QQ Mail: help pages of
# its postmaster site; 163.com: its list of refusals; Gmail: support.google.com/a/answer/3726730.
_TEMPORARY_WORDS = re.compile(
    r"frequency limited|rate.?limit|too (?:many|much|quickly|fast)|try.{0,20}again|temporar"
    r"|greylist|mailbox unavailable or access denied|over ?quota|quota (?:is )?exceeded|quota full"
    r"|(?:mailbox|inbox|storage).{0,20}(?:is |be )?full|insufficient (?:system )?storage"
    r"|out of storage|exceeded.{0,20}(?:storage|quota|limit)|at a rate"
    r"|频率|空间不足|已满|稍后|超过.{0,8}限制",
    re.IGNORECASE,
)
_POLICY_WORDS = re.compile(
    r"spam|blacklist|block ?list|blocklist|\brbl\b|spamhaus|\bblocked\b|reputation|\bdmarc\b"
    r"|\bspf\b|\bdkim\b|\bpolicy\b|content (?:denied|rejected)|unsolicited|rejected by recipients"
    r"|DT:SPM|virus|malware|not authori[sz]ed|sender (?:denied|rejected)|message (?:too large|size)"
    r"|垃圾邮件|拒收|内容",
    re.IGNORECASE,
)
_UNKNOWN_MAILBOX_WORDS = re.compile(
    r"no such (?:user|recipient|mailbox|person)|(?:user|recipient|mailbox|account|address).{0,30}"
    r"(?:unknown|not found|does ?n.t exist|does not exist|not exist|no longer|disabled|inactive)"
    r"|unknown (?:user|recipient|local part)|invalid (?:mailbox|recipient)|mailbox unavailable"
    r"|recipientnotfound|unrouteable address|no mailbox here"
    r"|用户不存在|邮箱不存在|地址不存在|账号不存在|帐号不存在|未开通",
    re.IGNORECASE,
)
_UNKNOWN_MAILBOX_CODES = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
_POLICY_CODES = {(1, 7), (1, 8), (2, 3), (3, 4)}  # bad sender; message too large


class Classification(NamedTuple):
    """The kind of a bounce, and the enhanced status code that says so, "" where none does."""

    kind: BounceKind
    status: str


def classify(status: str, diagnostic: str) -> Classification:
    """Classify by the status code of a report and the words of the server together.

    Of several codes the most specific counts: Exim writes `Status: 5.0.0` above a
    Diagnostic-Code with 5.1.1. Words of limits and of policy overrule codes, because they
    never mean that the mailbox is gone (`550 Connection frequency limited`).
    """
    code = _most_specific(f"{diagnostic} {status}")
    shown = ".".join(map(str, code)) if code else ""
    return Classification(_by_words(diagnostic) or _by_code(code, diagnostic), shown)


def is_temporary(diagnostic: str) -> bool:
    """Return whether these are words of limits, whatever the code before them."""
    return bool(_TEMPORARY_WORDS.search(diagnostic))


def _most_specific(text: str) -> tuple[int, int, int] | None:
    """Return the first of the codes that say most."""
    found = [(int(a), int(b), int(c)) for a, b, c in _ENHANCED.findall(text)]
    return max(found, key=lambda code: (code[1] != 0) + (code[2] != 0), default=None)


def _by_words(diagnostic: str) -> BounceKind | None:
    if is_temporary(diagnostic):
        return BounceKind.SOFT_BOUNCE
    return BounceKind.BLOCKED if _POLICY_WORDS.search(diagnostic) else None


def _by_code(code: tuple[int, int, int] | None, diagnostic: str) -> BounceKind:
    basic = _BASIC.search(diagnostic)
    if (code and code[0] == 4) or (not code and basic and basic[1].startswith("4")):
        return BounceKind.SOFT_BOUNCE
    if code and (code[1] in {6, 7} or code[1:] in _POLICY_CODES):
        return BounceKind.BLOCKED
    if code and code[1:] in _UNKNOWN_MAILBOX_CODES:
        return BounceKind.HARD_BOUNCE
    vague = code is None or code[1:] in {(0, 0), (1, 0), (5, 0)}
    unknown = vague and _UNKNOWN_MAILBOX_WORDS.search(diagnostic)
    return BounceKind.HARD_BOUNCE if unknown else BounceKind.SOFT_BOUNCE
