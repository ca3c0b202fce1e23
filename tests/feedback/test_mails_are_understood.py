"""Each form of a mail that comes back is read for what it means."""

from __future__ import annotations

import pytest

from bulletin_site.mail import returned
from bulletin_site.mail.returned import Kind
from bulletin_site.mail.returned.diagnosing import diagnose
from tests.feedback.conftest import MAILS

MEANINGS = {
    # Genuine, of a Postfix 3.7: mails/make.py.
    "postfix-gone": (Kind.GONE, "5.1.1"),
    "postfix-full": (Kind.SOFT, "4.2.2"),
    "postfix-gmail-disabled": (Kind.GONE, "5.2.1"),
    "postfix-gmail-rate": (Kind.SOFT, "4.2.1"),
    "postfix-qq-frequency": (Kind.SOFT, "5.0.0"),
    "postfix-qq-busy": (Kind.SOFT, "5.0.0"),
    "postfix-qq-gone": (Kind.GONE, "5.0.0"),
    "postfix-163-gone": (Kind.GONE, "5.0.0"),
    "postfix-163-spam": (Kind.POLICY, "5.0.0"),
    "postfix-outlook-policy": (Kind.POLICY, "5.7.515"),
    "postfix-bare-550": (Kind.SOFT, "5.0.0"),
    "postfix-too-large": (Kind.POLICY, "5.3.4"),
    "postfix-success": (Kind.DELIVERED, "2.0.0"),
    "postfix-delay": (Kind.DELAYED, "4.3.0"),
    # Written by hand after the form of others.
    "exim-gone": (Kind.GONE, "5.1.1"),
    "exim-unrouteable": (Kind.GONE, "5.0.0"),
    "exchange-online-gone": (Kind.GONE, "5.1.10"),
    "exchange-full": (Kind.SOFT, "5.2.2"),
    "gmail-gone": (Kind.GONE, "5.1.1"),
    "qq-own-form": (Kind.GONE, "5.0.0"),
    "qmail-gone": (Kind.GONE, "5.1.1"),
    "smtputf8-gone": (Kind.GONE, "5.1.1"),
    "forwarded-to-two": (Kind.DELIVERED, "2.0.0"),
    "envelope-id-only": (Kind.GONE, "5.1.1"),
    "arf-abuse": (Kind.COMPLAINED, ""),
    "arf-redacted": (Kind.COMPLAINED, ""),
    "arf-not-spam": (Kind.WRITTEN, ""),
    "written-to-leave": (Kind.WRITTEN, ""),
    "challenge": (Kind.WRITTEN, ""),
    "absent": None,
}


@pytest.mark.parametrize("name", MEANINGS)
def test_a_mail_means(name: str) -> None:
    found = returned.read((MAILS / f"{name}.eml").read_bytes())
    assert (found and (found.kind, found.status)) == MEANINGS[name]


def test_every_mail_of_the_folder_is_tested() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(MEANINGS)


def test_the_places_of_the_key_are_all_found() -> None:
    found = returned.read((MAILS / "exim-gone.eml").read_bytes(), recipients=["<in@the.envelope>"])
    assert found is not None
    assert found.places == (
        "<in@the.envelope>",
        "bounces+KEY@bounces.example.org",
        "KEY",
        "<bounces+KEY@bounces.example.org>",
    )


def test_what_was_said_is_kept_without_addresses() -> None:
    found = returned.read((MAILS / "postfix-gone.eml").read_bytes())
    assert found is not None
    assert found.detail == "550 5.1.1 <…>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(
    ("status", "said", "kind", "code"),
    [
        ("5.0.0", "smtp; 550 5.1.1 no", Kind.GONE, "5.1.1"),  # Exim
        ("5.1.1", "smtp; 550 no", Kind.GONE, "5.1.1"),
        ("5.3.0", "smtp; 550 5.7.1 no", Kind.POLICY, "5.7.1"),
        ("5.1.1", "smtp; 550 5.7.1 blocked using a blocklist", Kind.POLICY, "5.7.1"),
        ("5.1.1", "smtp; 550 5.1.1 too many messages, try again later", Kind.SOFT, "5.1.1"),
        ("5.1.1", "smtp; 550 5.1.1 rejected for policy reasons", Kind.POLICY, "5.1.1"),
        ("4.4.1", "", Kind.SOFT, "4.4.1"),
        ("5.2.2", "", Kind.SOFT, "5.2.2"),
        ("5.1.8", "", Kind.POLICY, "5.1.8"),
        ("", "421 4.7.0 closing", Kind.SOFT, "4.7.0"),
        ("", "450 mailbox unavailable", Kind.SOFT, ""),
        ("", "550 User not found", Kind.GONE, ""),
        ("", "550 用户不存在", Kind.GONE, ""),
        ("", "552 收件人空间不足", Kind.SOFT, ""),
        ("", "550 你的邮件被视为垃圾邮件，拒收", Kind.POLICY, ""),
        ("", "", Kind.SOFT, ""),
        ("", "host 192.0.2.25 said 550 nothing", Kind.SOFT, ""),
    ],
)
def test_the_more_specific_code_counts_and_words_of_limits_and_policy_overrule_it(
    status: str, said: str, kind: Kind, code: str
) -> None:
    assert diagnose(status, said) == (kind, code)
