from tortoise import migrations
from tortoise.migrations import operations as ops
import functools
from json import dumps, loads
from surveys.themes.models import Action, ThemeState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('surveys', '0002_pains')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SiteTheme',
            fields=[
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('last_error', fields.CharField(null=True, max_length=400)),
                ('parked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('code', fields.CharField(null=True, unique=True, max_length=40)),
                ('is_own', fields.BooleanField(default=False)),
                ('names', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('state', fields.CharEnumField(default=ThemeState.ACTIVE, description='DRAFT: draft\nACTIVE: active\nMERGED: merged\nHIDDEN: hidden\nREMOVED: removed', enum_type=ThemeState, max_length=8)),
                ('merged_into', fields.CharField(null=True, max_length=40)),
                ('draft_of', fields.ForeignKeyField('surveys.SiteTheme', source_field='draft_of_id', null=True, db_constraint=True, to_field='id', related_name='drafts', on_delete=OnDelete.CASCADE)),
                ('centre', fields.BinaryField(null=True)),
                ('direction', fields.BinaryField(null=True)),
                ('threshold', fields.FloatField(null=True)),
                ('space', fields.CharField(null=True, max_length=60)),
                ('fitted', fields.IntField(default=0)),
                ('found', fields.IntField(default=0)),
                ('is_clear', fields.BooleanField(default=True)),
                ('swept_to', fields.IntField(default=0)),
                ('sweep_end', fields.IntField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'site_theme', 'app': 'surveys', 'indexes': [Index(fields=['due_at'])], 'pk_attr': 'id', 'table_description': 'A built-in theme that the site changed, a theme of its own, or the draft of one.'},
            bases=['Due'],
        ),
        ops.CreateModel(
            name='ThemeChange',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('theme', fields.ForeignKeyField('surveys.SiteTheme', source_field='theme_id', db_constraint=True, to_field='id', related_name='changes', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('surveys.User', source_field='user_id', null=True, db_constraint=True, to_field='id', related_name='theme_changes', on_delete=OnDelete.SET_NULL)),
                ('action', fields.CharEnumField(description='RENAME: rename\nHIDE: hide\nSHOW: show\nMERGE: merge\nADD: add\nEDIT: edit\nREMOVE: remove', enum_type=Action, max_length=8)),
                ('before', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('after', fields.JSONField(default=dict, encoder=functools.partial(dumps, separators=(',', ':')), decoder=loads)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ('undone_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('undone_by', fields.ForeignKeyField('surveys.User', source_field='undone_by_id', null=True, db_constraint=True, to_field='id', related_name='theme_changes_undone', on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'theme_change', 'app': 'surveys', 'indexes': [Index(fields=['theme_id'])], 'pk_attr': 'id', 'table_description': 'Who changed a theme, when, and how it stood before and after.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ThemeExample',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('theme', fields.ForeignKeyField('surveys.SiteTheme', source_field='theme_id', db_constraint=True, to_field='id', related_name='examples', on_delete=OnDelete.CASCADE)),
                ('verbatim', fields.ForeignKeyField('surveys.Verbatim', source_field='verbatim_id', null=True, db_constraint=True, to_field='id', related_name='examples', on_delete=OnDelete.CASCADE)),
                ('text', fields.TextField(unique=False)),
                ('embedding', fields.BinaryField(null=True)),
                ('space', fields.CharField(null=True, max_length=60)),
                ('is_used', fields.BooleanField(default=True)),
            ],
            options={'table': 'theme_example', 'app': 'surveys', 'pk_attr': 'id', 'table_description': 'A comment that shows what a theme means, masked.'},
            bases=['Model'],
        ),
    ]
