from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

from surveys.counts.triggers import create_triggers, drop_triggers


async def make_triggers(_apps, editor) -> None:
    """Note from now on whatever changes; what is there already is counted because nothing has been counted yet."""
    await create_triggers(editor.client)


async def unmake_triggers(_apps, editor) -> None:
    """Note nothing any more."""
    await drop_triggers(editor.client)


class Migration(migrations.Migration):
    dependencies = [('surveys', '0003_themes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CountedTheme',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('unit', fields.IntField()),
                ('code', fields.CharField(max_length=40)),
                ('week', fields.CharField(max_length=8)),
                ('person', fields.CharField(null=True, max_length=64)),
                ('verbatim_id', fields.IntField()),
                ('pain_id', fields.IntField()),
                ('complains', fields.SmallIntField()),
                ('counts', fields.SmallIntField()),
            ],
            options={'table': 'counted_theme', 'app': 'surveys', 'unique_together': (('unit', 'code'),), 'indexes': [Index(fields=['week', 'person', 'code', 'verbatim_id'])], 'pk_attr': 'id', 'table_description': "A theme that a unit's words name, and whether they count as their writer's complaint about it this week."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CountedUnit',
            fields=[
                ('unit', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('week', fields.CharField(max_length=8)),
                ('source', fields.CharField(max_length=8)),
                ('survey_id', fields.IntField()),
                ('wording_version', fields.IntField()),
                ('reason', fields.CharField(max_length=40)),
                ('country', fields.CharField(max_length=2)),
                ('locale', fields.CharField(max_length=12)),
                ('language', fields.CharField(max_length=12)),
                ('touchpoint', fields.CharField(max_length=80)),
                ('segment', fields.CharField(max_length=80)),
                ('person', fields.CharField(null=True, max_length=64)),
                ('score', fields.SmallIntField(null=True)),
                ('partial', fields.SmallIntField()),
                ('comments', fields.SmallIntField()),
                ('unanalysed', fields.SmallIntField()),
                ('with_language', fields.SmallIntField()),
                ('unknown_language', fields.SmallIntField()),
                ('sentiment', fields.CharField(max_length=10)),
                ('band', fields.CharField(max_length=10)),
            ],
            options={'table': 'counted_unit', 'app': 'surveys', 'indexes': [Index(fields=['week'])], 'pk_attr': 'unit', 'table_description': 'What a unit counts as in the weekly tables now.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CountsState',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('time_zone', fields.CharField(default='', max_length=64)),
                ('themes', fields.TextField(default='{}', unique=False)),
            ],
            options={'table': 'counts_state', 'app': 'surveys', 'pk_attr': 'id', 'table_description': 'What the counts hold for, one row, which whoever counts locks.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Uncounted',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('unit', fields.IntField()),
            ],
            options={'table': 'uncounted', 'app': 'surveys', 'pk_attr': 'id', 'table_description': 'A unit that changed since it was counted, noted in the transaction that changed it, more than once at times.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UncountedWeek',
            fields=[
                ('week', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=8)),
            ],
            options={'table': 'uncounted_week', 'app': 'surveys', 'pk_attr': 'week', 'table_description': 'A week that is still to be counted from all its rows.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WeeklyCounts',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('week', fields.CharField(max_length=8)),
                ('source', fields.CharField(max_length=8)),
                ('survey_id', fields.IntField()),
                ('wording_version', fields.IntField()),
                ('reason', fields.CharField(max_length=40)),
                ('country', fields.CharField(max_length=2)),
                ('locale', fields.CharField(max_length=12)),
                ('language', fields.CharField(max_length=12)),
                ('touchpoint', fields.CharField(max_length=80)),
                ('segment', fields.CharField(max_length=80)),
                ('responses', fields.IntField()),
                ('partial', fields.IntField()),
                ('score_0', fields.IntField()),
                ('score_1', fields.IntField()),
                ('score_2', fields.IntField()),
                ('score_3', fields.IntField()),
                ('score_4', fields.IntField()),
                ('score_5', fields.IntField()),
                ('score_6', fields.IntField()),
                ('score_7', fields.IntField()),
                ('score_8', fields.IntField()),
                ('score_9', fields.IntField()),
                ('score_10', fields.IntField()),
                ('comments', fields.IntField()),
                ('unanalysed', fields.IntField()),
                ('with_language', fields.IntField()),
                ('unknown_language', fields.IntField()),
                ('negative', fields.IntField()),
                ('neutral', fields.IntField()),
                ('positive', fields.IntField()),
                ('mixed', fields.IntField()),
                ('unknown_sentiment', fields.IntField()),
            ],
            options={'table': 'weekly_counts', 'app': 'surveys', 'unique_together': (('week', 'source', 'survey_id', 'wording_version', 'reason', 'country', 'locale', 'language', 'touchpoint', 'segment'),), 'pk_attr': 'id', 'table_description': 'Answers and posts of a week that have everything in common that they are compared and filtered by.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WeeklyThemes',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('week', fields.CharField(max_length=8)),
                ('source', fields.CharField(max_length=8)),
                ('code', fields.CharField(max_length=40)),
                ('pain_id', fields.IntField()),
                ('band', fields.CharField(max_length=10)),
                ('survey_id', fields.IntField()),
                ('wording_version', fields.IntField()),
                ('country', fields.CharField(max_length=2)),
                ('locale', fields.CharField(max_length=12)),
                ('language', fields.CharField(max_length=12)),
                ('touchpoint', fields.CharField(max_length=80)),
                ('segment', fields.CharField(max_length=80)),
                ('people', fields.IntField()),
                ('verbatims', fields.IntField()),
                ('complaints', fields.IntField()),
                ('negative', fields.IntField()),
                ('neutral', fields.IntField()),
                ('positive', fields.IntField()),
                ('mixed', fields.IntField()),
            ],
            options={'table': 'weekly_themes', 'app': 'surveys', 'unique_together': (('week', 'source', 'code', 'pain_id', 'band', 'survey_id', 'wording_version', 'country', 'locale', 'language', 'touchpoint', 'segment'),), 'pk_attr': 'id', 'table_description': 'Words of a week about a theme that have everything in common that they are compared and filtered by.'},
            bases=['Model'],
        ),
        ops.RunPython(make_triggers, unmake_triggers),
    ]
