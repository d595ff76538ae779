import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A book in which lines can be changed afterwards proves nothing: not to an auditor, not in court.
APPEND_ONLY = """
CREATE FUNCTION lostfound_no_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON lostfound_ledgerline
    FOR EACH ROW EXECUTE FUNCTION lostfound_no_change();
CREATE TRIGGER closing_locked BEFORE UPDATE OR DELETE ON lostfound_closing
    FOR EACH ROW WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION lostfound_no_change();
"""
CHANGEABLE = """
DROP TRIGGER closing_locked ON lostfound_closing;
DROP TRIGGER ledger_append_only ON lostfound_ledgerline;
DROP FUNCTION lostfound_no_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('lostfound', '0002_found_and_lost'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CashCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('cents', models.PositiveBigIntegerField()),
                ('denominations', models.JSONField(blank=True, default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cash_counts', to='lostfound.founditem')),
            ],
            options={
                'verbose_name': 'Count of found money',
                'verbose_name_plural': 'Counts of found money',
                'ordering': ['item', 'round', 'id'],
                'constraints': [models.UniqueConstraint(fields=('item', 'round', 'by'), name='cash_count_once_each')],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('day', models.DateField()),
                ('through', models.PositiveIntegerField(help_text='Number of the last line; 0: none yet')),
                ('expected_cents', models.BigIntegerField()),
                ('counted_cents', models.PositiveBigIntegerField()),
                ('denominations', models.JSONField(blank=True, default=dict)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('counted_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('counted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='lostfound.office')),
            ],
            options={
                'verbose_name': 'Daily closing',
                'verbose_name_plural': 'Daily closings',
                'ordering': ['office', 'number'],
                'constraints': [models.UniqueConstraint(fields=('office', 'number'), name='closing_number_unique'), models.UniqueConstraint(condition=models.Q(('number', None)), fields=('office',), name='closing_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None), ('number', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('number__isnull', False)), _connector='OR'), name='closing_number_when_confirmed'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('counted_by')), _negated=True), _connector='OR'), name='closing_by_two'), models.CheckConstraint(condition=models.Q(('expected_cents', models.F('counted_cents')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='closing_difference_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='LedgerLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('day', models.DateField(help_text='Local civil day of `at`')),
                ('account', models.CharField(choices=[('found_cash', 'Found money'), ('fee', 'Fee'), ('reward', 'Finder’s reward'), ('expenses', 'Finder’s expenses'), ('shipping', 'Shipping costs'), ('proceeds', 'Proceeds of a sale'), ('float', 'Change in the till'), ('difference', 'Difference of the till')], max_length=12)),
                ('cents', models.BigIntegerField()),
                ('till_cents', models.BigIntegerField()),
                ('party', models.CharField(choices=[('owner', 'Owner'), ('finder', 'Finder'), ('buyer', 'Buyer'), ('treasury', 'Town treasury'), ('other', 'Somebody else')], max_length=10)),
                ('method', models.CharField(choices=[('cash', 'Cash in the till'), ('sealed', 'Sealed, with the thing'), ('card', 'Card'), ('transfer', 'Bank transfer')], max_length=10)),
                ('note', models.CharField(blank=True, help_text='Holds no names', max_length=200)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='lostfound.founditem')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='lostfound.office')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='lostfound.ledgerline')),
                ('witness', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'Line of the ledger',
                'verbose_name_plural': 'Lines of the ledger',
                'ordering': ['office', 'number'],
                'indexes': [models.Index(fields=['office', 'account', 'method'], name='ledger_account')],
                'constraints': [models.UniqueConstraint(fields=('office', 'number'), name='ledger_number_unique'), models.UniqueConstraint(fields=('office', 'key'), name='ledger_key_unique'), models.CheckConstraint(condition=models.Q(('cents', 0), _negated=True), name='ledger_moves_something')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
