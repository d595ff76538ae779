"""Tables of the map's counts, see models/pyramid.py."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0008_map_grid'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lately',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('since', models.DateField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='lately_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='PyramidCell',
            fields=[
                ('pk', models.CompositePrimaryKey('level', 'month', 'cell', 'municipality', 'status', 'lately', 'group', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('month', models.DateField(help_text='Its first day')),
                ('cell', models.IntegerField()),
                ('municipality', models.IntegerField()),
                ('status', models.CharField(max_length=12)),
                ('lately', models.BooleanField()),
                ('group', models.IntegerField()),
                ('n', models.IntegerField()),
                ('lon', models.BigIntegerField()),
                ('lat', models.BigIntegerField()),
                ('reports', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('n', 0)), fields=['n'], name='pyramid_empty')],
            },
        ),
        migrations.CreateModel(
            name='PyramidDay',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'cell', 'municipality', 'status', 'group', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('cell', models.IntegerField()),
                ('municipality', models.IntegerField()),
                ('status', models.CharField(max_length=12)),
                ('group', models.IntegerField()),
                ('n', models.IntegerField()),
                ('lon', models.BigIntegerField()),
                ('lat', models.BigIntegerField()),
                ('reports', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('n', 0)), fields=['n'], name='pyramid_day_empty')],
            },
        ),
        migrations.CreateModel(
            name='PyramidDelta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('cell', models.IntegerField()),
                ('municipality', models.IntegerField()),
                ('status', models.CharField(max_length=12)),
                ('group', models.IntegerField()),
                ('n', models.IntegerField()),
                ('lon', models.BigIntegerField()),
                ('lat', models.BigIntegerField()),
                ('reports', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['cell'], name='pyramid_delta_cell')],
            },
        ),
    ]
