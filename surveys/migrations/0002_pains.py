from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from surveys.pains.models import ChangeKind
from surveys.verbatims.models import Method
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Described(ops.AlterField):
    """A field of which only the description changed: altering it would rebuild the table on SQLite, without its keys."""

    async def database_forward(self, *_state) -> None:
        """Nothing changes in the database."""

    async def database_backward(self, *_state) -> None:
        """Nothing changes in the database."""


class Migration(migrations.Migration):
    dependencies = [('surveys', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PainPoint',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('theme', fields.CharField(max_length=40)),
                ('known', fields.CharField(null=True, max_length=60)),
                ('title', fields.CharField(null=True, max_length=120)),
                ('first_week', fields.CharField(max_length=8)),
                ('centroid', fields.BinaryField(null=True)),
                ('earlier_centroid', fields.BinaryField(null=True)),
                ('drift', fields.FloatField(null=True)),
                ('grouped_week', fields.CharField(null=True, max_length=8)),
                ('space', fields.CharField(null=True, max_length=60)),
                ('merged_into', fields.ForeignKeyField('surveys.PainPoint', source_field='merged_into_id', null=True, db_constraint=True, to_field='id', related_name='merged', on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'pain_point', 'app': 'surveys', 'unique_together': (('theme', 'known'),), 'pk_attr': 'id', 'table_description': 'One thing that customers complain about, known beforehand (`known`) or found.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PainPointChange',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('pain', fields.ForeignKeyField('surveys.PainPoint', source_field='pain_id', db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.CASCADE)),
                ('other', fields.ForeignKeyField('surveys.PainPoint', source_field='other_id', null=True, db_constraint=True, to_field='id', related_name='other_changes', on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharEnumField(description='BORN: born\nSPLIT: split\nMERGED: merged\nDRIFTED: drifted', enum_type=ChangeKind, max_length=8)),
                ('week', fields.CharField(max_length=8)),
                ('members', fields.IntField(null=True)),
                ('likeness', fields.FloatField(null=True)),
                ('is_by_hand', fields.BooleanField(default=False)),
                ('user', fields.ForeignKeyField('surveys.User', source_field='user_id', null=True, db_constraint=True, to_field='id', related_name='pain_changes', on_delete=OnDelete.SET_NULL)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pain_point_change', 'app': 'surveys', 'indexes': [Index(fields=['pain_id']), Index(fields=['other_id'])], 'pk_attr': 'id', 'table_description': 'A birth, split, merger or drift, by regrouping or (with a user) by a person.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ThemeGrouping',
            fields=[
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('last_error', fields.CharField(null=True, max_length=400)),
                ('parked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('theme', fields.CharField(unique=True, max_length=40)),
                ('week', fields.CharField(null=True, max_length=8)),
                ('wanted_week', fields.CharField(null=True, max_length=8)),
                ('fingerprint', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'theme_grouping', 'app': 'surveys', 'indexes': [Index(fields=['due_at'])], 'pk_attr': 'id', 'table_description': "One theme's regrouping: the week it is done for, and the week it is wanted for, due until the two agree."},
            bases=['Due'],
        ),
        ops.CreateModel(
            name='VerbatimPain',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('verbatim', fields.ForeignKeyField('surveys.Verbatim', source_field='verbatim_id', db_constraint=True, to_field='id', related_name='pains', on_delete=OnDelete.CASCADE)),
                ('theme', fields.CharField(max_length=40)),
                ('pain', fields.ForeignKeyField('surveys.PainPoint', source_field='pain_id', db_constraint=True, to_field='id', related_name='members', on_delete=OnDelete.CASCADE)),
                ('likeness', fields.FloatField()),
            ],
            options={'table': 'verbatim_pain', 'app': 'surveys', 'unique_together': (('verbatim', 'theme'),), 'indexes': [Index(fields=['pain_id', 'likeness'])], 'pk_attr': 'id', 'table_description': 'Which pain point a verbatim names within one of its themes, and how like it the words are (cosine).'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Verbatim',
            name='embedding',
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name='Verbatim',
            name='sentences',
            field=fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads),
        ),
        Described(
            model_name='VerbatimTheme',
            name='method',
            field=fields.CharEnumField(description='KEYWORD: keyword\nMODEL: model\nSITE: site\nHUMAN: human', enum_type=Method, max_length=8),
        ),
        ops.AddField(
            model_name='VerbatimTheme',
            name='polarity',
            field=fields.CharField(null=True, max_length=10),
        ),
    ]
