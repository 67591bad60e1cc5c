"""Which e-mail addresses are taken, and how mail servers are told them."""

import pytest

from surveys.addresses import email_address, mailable


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ieva@Maize.LV ", "ieva@maize.lv"),
        ("jānis@x.lv", "jānis@x.lv"),
        ("root@intranet", "root@intranet"),
        ("a+b@maize.lv", "a+b@maize.lv"),
        ("a@Ābols.example", "a@ābols.example"),
    ],
)
def test_an_address_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "nobody",
        "a@b@c",
        "a b@maize.lv",
        "<a@maize.lv>",
        "=?utf-8?q?x?=@reader.example",
        "a\x01@maize.lv",
        "a\x7f@maize.lv",
        "\u202ea@maize.lv",
        "a\u200bb@maize.lv",
        "a@ma\u00adize.lv",
        "a@maize\uff20other.lv",
        "a@maize\u3002",
        f"a@{'b' * 64}.lv",
        f"a@{'ā' * 62}.lv",
        f"{'a' * 250}@b.lv",
    ],
)
def test_what_cannot_be_mailed_or_would_reach_somebody_else_is_none(typed: str) -> None:
    assert email_address(typed) is None


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("a@maize.lv", "a@maize.lv"),
        ("a@ābols.example", "a@xn--bols-psa.example"),
        # An older standard made ss of it, and the mail went to another domain.
        ("a@straße.example", "a@xn--strae-oqa.example"),
        ("a@中国\u3002中国", "a@xn--fiqs8s.xn--fiqs8s"),
        ("a@a\u0304bols.example", "a@xn--bols-psa.example"),
        ("jānis@x.lv", "jānis@x.lv"),
    ],
)
def test_a_domain_of_any_script_is_told_in_ascii(address: str, told: str) -> None:
    assert mailable(address) == told
