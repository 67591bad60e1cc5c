"""Listening: where people write about the organisation, and what was found there."""

from tortoise import fields
from tortoise.models import Model

from surveys.due import Due


class Feed(Due):
    """An RSS or Atom feed, due when it is to be polled next."""

    id = fields.IntField(primary_key=True)
    url = fields.CharField(max_length=500, unique=True)
    name = fields.CharField(max_length=120)
    country = fields.CharField(max_length=2, null=True)
    locale = fields.CharField(max_length=12, null=True)
    etag = fields.CharField(max_length=200, null=True)
    last_modified = fields.CharField(max_length=80, null=True)
    polled_at = fields.DatetimeField(null=True)
    is_paused = fields.BooleanField(default=False)

    class Meta:
        table = "feed"
        indexes = (("due_at",),)


class Mention(Model):
    """One post, near-identical copies point at the first and have no verbatim of their own."""

    id = fields.IntField(primary_key=True)
    source = fields.CharField(max_length=80)
    external_id = fields.CharField(max_length=300)
    content_hash = fields.CharField(max_length=64)
    # Who wrote it is needed only to count authors, so a keyed hash is all that is kept.
    author_hash = fields.CharField(max_length=64, null=True)
    published_at = fields.DatetimeField()
    url = fields.CharField(max_length=1000, null=True)
    country = fields.CharField(max_length=2, null=True)
    locale = fields.CharField(max_length=12, null=True)
    likeness = fields.CharField(max_length=64, null=True)
    copy_of: fields.ForeignKeyNullableRelation["Mention"] = fields.ForeignKeyField(
        "surveys.Mention", related_name="copies", null=True, on_delete=fields.SET_NULL
    )
    copy_of_id: int | None
    is_demo = fields.BooleanField(default=False)

    class Meta:
        table = "mention"
        unique_together = (("source", "external_id"),)
        indexes = (("published_at",), ("likeness",))
