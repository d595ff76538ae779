import django.db.models.deletion
import lostfound.models.items
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lostfound', '0004_what_is_held_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StoragePlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True)),
                ('shelf', models.CharField(max_length=40, verbose_name='Shelf')),
                ('slot', models.CharField(blank=True, max_length=40, verbose_name='Compartment')),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_safe', models.BooleanField(default=False, verbose_name='Is a safe')),
                ('is_active', models.BooleanField(default=True, verbose_name='In use')),
            ],
            options={
                'verbose_name': 'Storage place',
                'verbose_name_plural': 'Storage places',
                'ordering': ['site', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StorageSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='Name')),
                ('postal_address', models.CharField(blank=True, max_length=200, verbose_name='Postal address')),
                ('opening_hours', models.CharField(blank=True, max_length=200, verbose_name='Opening hours')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telephone')),
                ('for_bulky', models.BooleanField(default=False, verbose_name='For bicycles and bulky things')),
                ('is_active', models.BooleanField(default=True, verbose_name='In use')),
            ],
            options={
                'verbose_name': 'Storage site',
                'verbose_name_plural': 'Storage sites',
                'ordering': ['for_bulky', 'name'],
            },
        ),
        migrations.AddField(
            model_name='founditem',
            name='missing_since',
            field=models.DateTimeField(blank=True, help_text='Not at its place', null=True),
        ),
        migrations.AlterField(
            model_name='custody',
            name='holder',
            field=models.CharField(choices=lostfound.models.items.holders, max_length=8),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=lostfound.models.items.event_kinds, max_length=20),
        ),
        migrations.CreateModel(
            name='Stocktaking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('shelf', models.CharField(blank=True, max_length=40)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocktakings', to='lostfound.office')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Stocktaking',
                'verbose_name_plural': 'Stocktakings',
                'ordering': ['office', '-number'],
            },
        ),
        migrations.CreateModel(
            name='StockScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, help_text='What was read, where unknown', max_length=40)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lostfound.founditem')),
                ('stocktaking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scans', to='lostfound.stocktaking')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lostfound.storageplace')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('there', 'At its place'), ('moved', 'At another place'), ('surplus', 'Not expected'), ('missing', 'Missing'), ('gone', 'Taken out meanwhile')], max_length=8)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='lostfound.founditem')),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stocktaking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='lostfound.stocktaking')),
                ('expected', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lostfound.storageplace')),
                ('seen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lostfound.storageplace')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='founditem',
            name='storage',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='lostfound.storageplace'),
        ),
        migrations.AddConstraint(
            model_name='founditem',
            constraint=models.CheckConstraint(condition=models.Q(('storage', None), ('state__in', ['held', 'ready', 'with_finder']), _connector='OR'), name='item_closed_is_out_of_storage'),
        ),
        migrations.AddField(
            model_name='storagesite',
            name='office',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='lostfound.office'),
        ),
        migrations.AddField(
            model_name='storageplace',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='lostfound.storagesite'),
        ),
        migrations.AddField(
            model_name='stocktaking',
            name='site',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lostfound.storagesite'),
        ),
        migrations.AddConstraint(
            model_name='stockentry',
            constraint=models.UniqueConstraint(fields=('stocktaking', 'item'), name='stock_entry_once'),
        ),
        migrations.AddConstraint(
            model_name='stockentry',
            constraint=models.CheckConstraint(condition=models.Q(('expected__isnull', False), ('seen__isnull', False), _connector='OR'), name='stock_entry_expected_or_seen'),
        ),
        migrations.AddConstraint(
            model_name='storagesite',
            constraint=models.UniqueConstraint(fields=('office', 'name'), name='site_name_unique'),
        ),
        migrations.AddConstraint(
            model_name='storageplace',
            constraint=models.UniqueConstraint(fields=('site', 'shelf', 'slot'), name='storage_place_unique'),
        ),
        migrations.AddConstraint(
            model_name='stocktaking',
            constraint=models.UniqueConstraint(fields=('office', 'number'), name='stocktaking_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='stocktaking',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('office',), name='stocktaking_one_at_a_time'),
        ),
    ]
