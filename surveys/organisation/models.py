"""The organisation that asks; there is one per installation."""

from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.models import Model

from surveys.settings import settings


class Organisation(Model):
    """What respondents and readers are told about who asks."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=120)
    contact = fields.CharField(max_length=254)
    time_zone = fields.CharField(max_length=64)
    default_locale = fields.CharField(max_length=12, default="en")
    smallest_group = fields.IntField(default=5)
    retention_months = fields.IntField(default=24)
    logo = fields.BinaryField(null=True)
    logo_type = fields.CharField(max_length=40, null=True)
    title_colour = fields.CharField(max_length=7, null=True)
    line_colour = fields.CharField(max_length=7, null=True)
    digest_footer = fields.CharField(max_length=120, null=True)

    class Meta:
        table = "organisation"

    @property
    def zone(self) -> ZoneInfo:
        """The zone that weeks are counted in."""
        return ZoneInfo(self.time_zone)


async def the_organisation() -> Organisation:
    """The one row; made with the settings' zone when nobody has set anything yet."""
    row, _ = await Organisation.get_or_create(
        id=1,
        defaults={
            "name": "Polyvox",
            "contact": "privacy@example.org",
            "time_zone": settings().time_zone,
        },
    )
    return row
