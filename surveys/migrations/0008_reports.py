from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("surveys", "0007_subscriptions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Report",
            fields=[
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("last_error", fields.CharField(null=True, max_length=400)),
                ("parked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("key", fields.CharField(max_length=120)),
                ("locale", fields.CharField(max_length=12)),
                ("first_week", fields.CharField(max_length=8)),
                ("last_week", fields.CharField(max_length=8)),
                ("is_preliminary", fields.BooleanField(default=False)),
                (
                    "figures",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("pdf", fields.BinaryField(null=True)),
                ("built_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={
                "table": "report",
                "app": "surveys",
                "unique_together": (("key", "locale"),),
                "indexes": [Index(fields=["due_at"])],
                "pk_attr": "id",
                "table_description": "Another edition than the weekly one in one locale: a period, a comparison, one survey, one theme.",
            },
            bases=["Due"],
        ),
    ]
