from tortoise import migrations
from tortoise.migrations import operations as ops
import re
from surveys.digests.models import Channel
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Widened(ops.AlterField):
    """A column that holds more: SQLite asks for no length, and making the table anew would take what hangs on it along."""

    async def database_forward(self, app_label, old_state, new_state, state_editor=None) -> None:
        """Only PostgreSQL has a length to alter."""
        if state_editor and state_editor.DIALECT != 'sqlite':
            await super().database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(self, *_state) -> None:
        """What is longer by then would not fit."""


class WidenedKey(ops.RemoveConstraint):
    """A key that stands inside SQLite's CREATE TABLE: the table is made anew with `scope` in it, and all columns and indexes."""

    async def database_forward(self, app_label, old_state, new_state, state_editor=None) -> None:
        """Nothing points at an edition, and it has no triggers."""
        if not state_editor or state_editor.DIALECT != 'sqlite':
            await super().database_forward(app_label, old_state, new_state, state_editor)
            return
        client = state_editor.client
        _, (table,) = await client.execute_query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'edition'")
        _, indexes = await client.execute_query("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'edition' AND sql IS NOT NULL")
        _, columns = await client.execute_query('PRAGMA table_info(edition)')
        without, found = re.subn(r'UNIQUE \("week", "locale"\)', 'UNIQUE ("week", "locale", "scope")', table['sql'])
        assert found == 1, table['sql']
        names = ', '.join(f'"{column["name"]}"' for column in columns)
        await client.execute_query(without.replace('"edition"', '"new__edition"', 1))
        await client.execute_query(f'INSERT INTO new__edition ({names}) SELECT {names} FROM edition')
        await client.execute_query('DROP TABLE edition')
        await client.execute_query('ALTER TABLE new__edition RENAME TO edition')
        for index in indexes:
            await client.execute_query(index['sql'])


class RenamedWithKey(ops.RenameField):
    """A unique column: PostgreSQL's key keeps the old name unless told."""

    async def database_forward(self, app_label, old_state, new_state, state_editor=None) -> None:
        """The column, then its key."""
        await super().database_forward(app_label, old_state, new_state, state_editor)
        if state_editor and state_editor.DIALECT != 'sqlite':
            await state_editor.client.execute_query('ALTER INDEX IF EXISTS subscription_email_key RENAME TO subscription_address_key')


class AddedKey(ops.AddConstraint):
    """The key with `scope`, which SQLite's table has by now."""

    async def database_forward(self, app_label, old_state, new_state, state_editor=None) -> None:
        """Only PostgreSQL is without it."""
        if state_editor and state_editor.DIALECT != 'sqlite':
            await super().database_forward(app_label, old_state, new_state, state_editor)


class Migration(migrations.Migration):
    dependencies = [('surveys', '0006_brand')]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name='Delivery',
            options={'table': 'delivery', 'app': 'surveys', 'unique_together': (('subscription', 'week'),), 'pk_attr': 'id', 'table_description': 'One edition to one subscriber, unique, so nobody gets two, but for `resends`, which somebody asked for.'},
        ),
        ops.AddField(
            model_name='Delivery',
            name='is_pausing',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Delivery',
            name='resends',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Edition',
            name='scope',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Edition',
            name='stage',
            field=fields.CharField(null=True, max_length=12),
        ),
        WidenedKey(
            model_name='Edition',
            name=None,
            fields=['week', 'locale'],
        ),
        AddedKey(
            model_name='Edition',
            constraint=UniqueConstraint(fields=('week', 'locale', 'scope'), name=None),
        ),
        ops.AlterModelOptions(
            name='Subscription',
            options={'table': 'subscription', 'app': 'surveys', 'pk_attr': 'id', 'table_description': 'Somebody, or a program, that gets the digest of every week, on a day and at an hour of a zone.'},
        ),
        RenamedWithKey(
            model_name='Subscription',
            old_name='email',
            new_name='address',
        ),
        Widened(
            model_name='Subscription',
            name='address',
            field=fields.CharField(unique=True, max_length=500),
        ),
        ops.AddField(
            model_name='Subscription',
            name='channel',
            field=fields.CharEnumField(default=Channel.MAIL, description='MAIL: mail\nWEBHOOK: webhook\nFOLDER: folder', db_default='mail', enum_type=Channel, max_length=8),
        ),
        ops.AddField(
            model_name='Subscription',
            name='hour',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Subscription',
            name='nonce',
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name='Subscription',
            name='paused_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Subscription',
            name='scope',
            field=fields.CharField(default='', db_default='', max_length=400),
        ),
        ops.AddField(
            model_name='Subscription',
            name='time_zone',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name='Subscription',
            name='weekday',
            field=fields.SmallIntField(default=1, db_default=1),
        ),
    ]
