"""What is asked: one metric per survey, its words from the catalogues."""

import re
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.models import Model

# A survey's short name, as it stands in addresses and files.
SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


class Metric(StrEnum):
    """What a survey measures."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    EXIT = "exit"


class Basis(StrEnum):
    """The legal basis on which comments are processed (GDPR, article 6)."""

    INTEREST = "legitimate_interest"
    CONSENT = "consent"


class Survey(Model):
    """A survey that people can answer, or one that came in with an import (then closed)."""

    id = fields.IntField(primary_key=True)
    slug = fields.CharField(max_length=80, unique=True)
    name = fields.CharField(max_length=120)
    metric = fields.CharEnumField(Metric, max_length=8)
    default_locale = fields.CharField(max_length=12, default="en")
    basis = fields.CharEnumField(Basis, max_length=20, default=Basis.INTEREST)
    is_open = fields.BooleanField(default=True)
    is_imported = fields.BooleanField(default=False)
    is_demo = fields.BooleanField(default=False)
    wording_version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "survey"
