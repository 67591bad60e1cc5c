from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('surveys', '0008_reports')]

    initial = False

    operations = [
        ops.CreateModel(
            name='KeptView',
            fields=[
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('last_error', fields.CharField(null=True, max_length=400)),
                ('parked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('week', fields.CharField(max_length=8)),
                ('filters', fields.CharField(default='{}', db_default='{}', max_length=1200)),
                ('rules', fields.CharField(default='', db_default='', max_length=64)),
                ('stamp', fields.CharField(default='', db_default='', max_length=64)),
                ('made_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('seen_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('packed', fields.BinaryField(null=True)),
            ],
            options={'table': 'kept_view', 'app': 'surveys', 'unique_together': (('week', 'filters'),), 'indexes': [Index(fields=['due_at'])], 'pk_attr': 'id', 'table_description': 'The figures of a week and choice as they were made, due when they are to be made anew.'},
            bases=['Due'],
        ),
        ops.CreateModel(
            name='WeekColumns',
            fields=[
                ('week', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=8)),
                ('stamp', fields.CharField(max_length=64)),
                ('packed', fields.BinaryField()),
            ],
            options={'table': 'week_columns', 'app': 'surveys', 'pk_attr': 'week', 'table_description': 'A week of the weekly tables as columns of numbers (surveys/dashboard/packed.py), and what they were read from.'},
            bases=['Model'],
        ),
    ]
