import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# Evidence that somebody could have changed proves nothing. The retention run alone may let it go:
# it names the evidence in its transaction.
LOCKED = """
CREATE FUNCTION reports_evidence_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    evidence text := CASE WHEN TG_TABLE_NAME = 'reports_sealedevidence'
        THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'evidence_id' END;
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('augenmerk.erases', true) = evidence THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'sealed evidence is not changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER evidence_locked BEFORE UPDATE OR DELETE ON reports_sealedevidence
    FOR EACH ROW EXECUTE FUNCTION reports_evidence_locked();
CREATE TRIGGER evidence_locked BEFORE UPDATE OR DELETE ON reports_sealedfile
    FOR EACH ROW EXECUTE FUNCTION reports_evidence_locked();
CREATE TRIGGER evidence_locked BEFORE UPDATE OR DELETE ON reports_custodyentry
    FOR EACH ROW EXECUTE FUNCTION reports_evidence_locked();
"""
OPEN = """
DROP TRIGGER evidence_locked ON reports_custodyentry;
DROP TRIGGER evidence_locked ON reports_sealedfile;
DROP TRIGGER evidence_locked ON reports_sealedevidence;
DROP FUNCTION reports_evidence_locked();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0033_resubmission'),
        ('townhall', '0018_audit_trail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CustodyEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sealed', 'Sealed'), ('looked', 'Looked at'), ('printed', 'Hand-over sheet made'), ('disclosed', 'Hand-over sheet made, with contact data'), ('downloaded', 'Evidence downloaded as ZIP'), ('released', 'Seal lifted')], max_length=10)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PublicText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('is_restored', models.BooleanField(default=False, help_text='An earlier one, taken up again')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SealedEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('content', models.JSONField()),
                ('contact', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('keep_until', models.DateField(help_text='Erased after this day, released or not')),
            ],
            options={
                'ordering': ['sealed_at'],
            },
        ),
        migrations.CreateModel(
            name='SealedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('digest', models.CharField(help_text='SHA-256 of `data`', max_length=64)),
                ('uploaded_digest', models.CharField(help_text='SHA-256 of the upload as it came', max_length=64)),
                ('received_at', models.DateTimeField()),
                ('data', models.BinaryField()),
                ('thumb', models.BinaryField()),
                ('facts', models.JSONField(default=dict, help_text='Size and colour, and where it stood')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='photo',
            name='is_reviewed',
            field=models.BooleanField(db_default=False, default=False, help_text='Staff have decided on it'),
        ),
        migrations.AddField(
            model_name='report',
            name='is_sealed',
            field=models.BooleanField(db_default=False, default=False, help_text='Text and photos are evidence (evidence.py)'),
        ),
        migrations.AddIndex(
            model_name='photo',
            index=models.Index(condition=models.Q(('is_released', False), ('is_reviewed', False), ('remark', None)), fields=['report'], name='photo_unreviewed'),
        ),
        migrations.AddField(
            model_name='custodyentry',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='publictext',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='publictext',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_texts', to='reports.report'),
        ),
        migrations.AddField(
            model_name='sealedevidence',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='reports.report'),
        ),
        migrations.AddField(
            model_name='sealedevidence',
            name='sealed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='custodyentry',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='custody', to='reports.sealedevidence'),
        ),
        migrations.AddField(
            model_name='sealedfile',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='reports.sealedevidence'),
        ),
        migrations.AddConstraint(
            model_name='custodyentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'released')), fields=('evidence',), name='custody_released_once'),
        ),
        migrations.RunSQL(LOCKED, OPEN),
    ]
