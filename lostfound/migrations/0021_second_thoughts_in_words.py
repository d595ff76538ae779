"""What finders said from home goes over to their things; a code in the log becomes words."""

from django.db import migrations

UNNAMED = """
    UPDATE lostfound_finder SET may_be_named = false
    FROM lostfound_findreport AS said
    WHERE said.item_id = lostfound_finder.item_id AND NOT said.may_be_named
"""
CUSTODY = """
    UPDATE lostfound_custody SET reason = 'Herausgabe rückgängig gemacht' WHERE reason = 'undone'
"""
IDENTITY = """
    UPDATE lostfound_claimevent SET kind = 'unseen', text = ''
    WHERE kind = 'identity' AND text = 'undone'
"""
IDENTITY_BACK = """
    UPDATE lostfound_claimevent SET kind = 'identity', text = 'undone' WHERE kind = 'unseen'
"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [("lostfound", "0020_second_thoughts")]

    operations = [
        migrations.RunSQL(UNNAMED, NOTHING),
        migrations.RunSQL(CUSTODY, NOTHING),
        migrations.RunSQL(IDENTITY, IDENTITY_BACK),
    ]
