from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [('surveys', '0005_decisions')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Organisation',
            name='title_colour',
            field=fields.CharField(null=True, max_length=7),
        ),
        ops.AddField(
            model_name='Organisation',
            name='line_colour',
            field=fields.CharField(null=True, max_length=7),
        ),
        ops.AddField(
            model_name='Organisation',
            name='digest_footer',
            field=fields.CharField(null=True, max_length=120),
        ),
    ]
