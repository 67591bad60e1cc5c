"""Who may be asked: the organisation's customers, as it told us."""

from tortoise import fields
from tortoise.models import Model


class Customer(Model):
    """A customer record as imported, the only place a respondent's address is kept."""

    id = fields.IntField(primary_key=True)
    customer_id = fields.CharField(max_length=120, unique=True)
    locale = fields.CharField(max_length=12, null=True)
    country = fields.CharField(max_length=2, null=True)
    segment = fields.CharField(max_length=80, null=True)
    email = fields.CharField(max_length=254, null=True)
    is_demo = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "customer"
        indexes = (("email",),)
