"""What the site made of the themes: names, mergers, own themes with their examples, and who changed what."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from surveys.accounts.models import User
from surveys.due import Due

if TYPE_CHECKING:
    from surveys.verbatims.models import Verbatim


class ThemeState(StrEnum):
    """Where a theme stands; a draft is being written and counts nowhere."""

    DRAFT = "draft"
    ACTIVE = "active"
    MERGED = "merged"
    HIDDEN = "hidden"
    REMOVED = "removed"


class Action(StrEnum):
    """What somebody did to a theme."""

    RENAME = "rename"
    HIDE = "hide"
    SHOW = "show"
    MERGE = "merge"
    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"


class SiteTheme(Due):
    """A built-in theme that the site changed, a theme of its own, or the draft of one.

    An own theme is due while its examples are to be read, its matcher made, or stored comments looked through for it.
    The matcher (`centre`, `direction`: float32; `threshold`) is good in the model's `space` only; without `space`
    it is to be made anew. `swept_to` is the verbatim up to which stored comments were looked through, `sweep_end` the last.
    """

    id = fields.IntField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True, null=True)
    is_own = fields.BooleanField(default=False)
    names: dict[str, str] = fields.JSONField(default=dict)
    state = fields.CharEnumField(ThemeState, max_length=8, default=ThemeState.ACTIVE)
    merged_into = fields.CharField(max_length=40, null=True)
    draft_of: fields.ForeignKeyNullableRelation["SiteTheme"] = fields.ForeignKeyField(
        "surveys.SiteTheme", related_name="drafts", null=True, on_delete=fields.CASCADE
    )
    draft_of_id: int | None
    centre = fields.BinaryField(null=True)
    direction = fields.BinaryField(null=True)
    threshold = fields.FloatField(null=True)
    space = fields.CharField(max_length=60, null=True)
    # How many examples the matcher was made from, and how many of them it finds by means of the others.
    fitted = fields.IntField(default=0)
    found = fields.IntField(default=0)
    is_clear = fields.BooleanField(default=True)
    swept_to = fields.IntField(default=0)
    sweep_end = fields.IntField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "site_theme"
        indexes = (("due_at",),)


class ThemeExample(Model):
    """A comment that shows what a theme means, masked.

    One that was picked from the inbox goes when its verbatim is erased. Examples taken out of use stay for as long as the change may be undone.
    """

    id = fields.IntField(primary_key=True)
    theme: fields.ForeignKeyRelation[SiteTheme] = fields.ForeignKeyField(
        "surveys.SiteTheme", related_name="examples", on_delete=fields.CASCADE
    )
    theme_id: int
    verbatim: fields.ForeignKeyNullableRelation["Verbatim"] = fields.ForeignKeyField(
        "surveys.Verbatim", related_name="examples", null=True, on_delete=fields.CASCADE
    )
    verbatim_id: int | None
    text = fields.TextField()
    embedding = fields.BinaryField(null=True)
    space = fields.CharField(max_length=60, null=True)
    is_used = fields.BooleanField(default=True)

    class Meta:
        table = "theme_example"


class ThemeChange(Model):
    """Who changed a theme, when, and how it stood before and after.

    Examples are kept by their ids, so that no words are kept here.
    """

    id = fields.IntField(primary_key=True)
    theme: fields.ForeignKeyRelation[SiteTheme] = fields.ForeignKeyField(
        "surveys.SiteTheme", related_name="changes", on_delete=fields.CASCADE
    )
    theme_id: int
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="theme_changes", null=True, on_delete=fields.SET_NULL
    )
    action = fields.CharEnumField(Action, max_length=8)
    before: dict[str, Any] = fields.JSONField(default=dict)
    after: dict[str, Any] = fields.JSONField(default=dict)
    made_at = fields.DatetimeField(auto_now_add=True)
    undone_at = fields.DatetimeField(null=True)
    undone_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "surveys.User", related_name="theme_changes_undone", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "theme_change"
        indexes = (("theme_id",),)
