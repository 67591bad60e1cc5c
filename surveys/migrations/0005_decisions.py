from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from surveys.decisions.models import DecisionState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('surveys', '0004_counts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Decision',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('theme', fields.CharField(max_length=40)),
                ('pain', fields.ForeignKeyField('surveys.PainPoint', source_field='pain_id', null=True, db_constraint=True, to_field='id', related_name='decisions', on_delete=OnDelete.SET_NULL)),
                ('sentence', fields.CharField(max_length=200)),
                ('owner', fields.CharField(max_length=80)),
                ('week', fields.CharField(max_length=8)),
                ('due_week', fields.CharField(max_length=8)),
                ('state', fields.CharEnumField(default=DecisionState.DECIDED, description='DECIDED: decided\nDONE: done\nDROPPED: dropped', enum_type=DecisionState, max_length=8)),
                ('closed_week', fields.CharField(null=True, max_length=8)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'decision', 'app': 'surveys', 'pk_attr': 'id', 'table_description': 'One sentence about a pain point, or about a whole theme where `pain` is none, with its owner and due week.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DecisionChange',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('decision', fields.ForeignKeyField('surveys.Decision', source_field='decision_id', db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('surveys.User', source_field='user_id', null=True, db_constraint=True, to_field='id', related_name='decision_changes', on_delete=OnDelete.SET_NULL)),
                ('before', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('after', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'decision_change', 'app': 'surveys', 'indexes': [Index(fields=['decision_id'])], 'pk_attr': 'id', 'table_description': 'Who wrote or changed a decision, when, and how it stood before and after (before it was written as nothing).'},
            bases=['Model'],
        ),
    ]
