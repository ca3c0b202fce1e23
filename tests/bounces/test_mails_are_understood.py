"""Each form of a mail that comes back is read for what it means."""

from __future__ import annotations

import pytest

from mail import bounces
from mail.bounces import BounceKind
from mail.bounces.classification import classify
from tests.support.returned_mails import MAILS

MEANINGS = {
    # Genuine, of a Postfix 3.7: mails/make.py.
    "postfix-gone": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "postfix-full": (BounceKind.SOFT_BOUNCE, "4.2.2"),
    "postfix-gmail-disabled": (BounceKind.HARD_BOUNCE, "5.2.1"),
    "postfix-gmail-rate": (BounceKind.SOFT_BOUNCE, "4.2.1"),
    "postfix-qq-frequency": (BounceKind.SOFT_BOUNCE, "5.0.0"),
    "postfix-qq-busy": (BounceKind.SOFT_BOUNCE, "5.0.0"),
    "postfix-qq-gone": (BounceKind.HARD_BOUNCE, "5.0.0"),
    "postfix-163-gone": (BounceKind.HARD_BOUNCE, "5.0.0"),
    "postfix-163-spam": (BounceKind.BLOCKED, "5.0.0"),
    "postfix-outlook-policy": (BounceKind.BLOCKED, "5.7.515"),
    "postfix-bare-550": (BounceKind.SOFT_BOUNCE, "5.0.0"),
    "postfix-too-large": (BounceKind.BLOCKED, "5.3.4"),
    "postfix-success": (BounceKind.DELIVERED, "2.0.0"),
    "postfix-delay": (BounceKind.DELAYED, "4.3.0"),
    # Written by hand after the form of others.
    "exim-gone": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "exim-unrouteable": (BounceKind.HARD_BOUNCE, "5.0.0"),
    "exchange-online-gone": (BounceKind.HARD_BOUNCE, "5.1.10"),
    "exchange-full": (BounceKind.SOFT_BOUNCE, "5.2.2"),
    "gmail-gone": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "qq-own-form": (BounceKind.HARD_BOUNCE, "5.0.0"),
    "qmail-gone": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "smtputf8-gone": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "forwarded-to-two": (BounceKind.DELIVERED, "2.0.0"),
    "envelope-id-only": (BounceKind.HARD_BOUNCE, "5.1.1"),
    "arf-abuse": (BounceKind.COMPLAINED, ""),
    "arf-redacted": (BounceKind.COMPLAINED, ""),
    "arf-not-spam": (BounceKind.REPLY, ""),
    "written-to-leave": (BounceKind.REPLY, ""),
    "challenge": (BounceKind.REPLY, ""),
    "absent": None,
}


@pytest.mark.parametrize("name", MEANINGS)
def test_a_mail_means(name: str) -> None:
    found = bounces.read((MAILS / f"{name}.eml").read_bytes())
    assert (found and (found.kind, found.status)) == MEANINGS[name]


def test_every_mail_of_the_folder_is_tested() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(MEANINGS)


def test_the_places_of_the_key_are_all_found() -> None:
    found = bounces.read((MAILS / "exim-gone.eml").read_bytes(), recipients=["<in@the.envelope>"])
    assert found is not None
    assert found.key_texts == (
        "<in@the.envelope>",
        "bounces+KEY@bounces.example.org",
        "KEY",
        "<bounces+KEY@bounces.example.org>",
    )


def test_what_was_said_is_kept_without_addresses() -> None:
    found = bounces.read((MAILS / "postfix-gone.eml").read_bytes())
    assert found is not None
    assert found.detail == "550 5.1.1 <…>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("status", "said", "kind", "code"),
    [
        ("5.0.0", "smtp; 550 5.1.1 no", BounceKind.HARD_BOUNCE, "5.1.1"),  # Exim
        ("5.1.1", "smtp; 550 no", BounceKind.HARD_BOUNCE, "5.1.1"),
        ("5.3.0", "smtp; 550 5.7.1 no", BounceKind.BLOCKED, "5.7.1"),
        ("5.1.1", "smtp; 550 5.7.1 blocked using a blocklist", BounceKind.BLOCKED, "5.7.1"),
        (
            "5.1.1",
            "smtp; 550 5.1.1 too many messages, try again later",
            BounceKind.SOFT_BOUNCE,
            "5.1.1",
        ),
        ("5.1.1", "smtp; 550 5.1.1 rejected for policy reasons", BounceKind.BLOCKED, "5.1.1"),
        ("4.4.1", "", BounceKind.SOFT_BOUNCE, "4.4.1"),
        ("5.2.2", "", BounceKind.SOFT_BOUNCE, "5.2.2"),
        ("5.1.8", "", BounceKind.BLOCKED, "5.1.8"),
        ("", "421 4.7.0 closing", BounceKind.SOFT_BOUNCE, "4.7.0"),
        ("", "450 mailbox unavailable", BounceKind.SOFT_BOUNCE, ""),
        ("", "550 User not found", BounceKind.HARD_BOUNCE, ""),
        ("", "550 用户不存在", BounceKind.HARD_BOUNCE, ""),
        ("", "552 收件人空间不足", BounceKind.SOFT_BOUNCE, ""),
        ("", "550 你的邮件被视为垃圾邮件，拒收", BounceKind.BLOCKED, ""),
        ("", "", BounceKind.SOFT_BOUNCE, ""),
        ("", "host 192.0.2.25 said 550 nothing", BounceKind.SOFT_BOUNCE, ""),
    ],
)
def test_the_more_specific_code_counts_and_words_of_limits_and_policy_overrule_it(
    status: str, said: str, kind: BounceKind, code: str
) -> None:
    assert classify(status, said) == (kind, code)
