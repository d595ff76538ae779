"""A life of the database: from its start to its next crash. It stands in every live cursor.

A crash loses what was not flushed yet, transaction ids that were given among it; they are given
again, and a cursor from before would count them as seen. PostgreSQL empties an unlogged table after
each crash, so a life ends with the very event that makes its cursors worthless.
"""

from django.db import migrations

_CREATE = """
CREATE UNLOGGED TABLE townhall_life (
    is_current boolean PRIMARY KEY DEFAULT true CHECK (is_current),
    name uuid NOT NULL DEFAULT gen_random_uuid()
);

CREATE FUNCTION townhall_epoch() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    epoch text;
BEGIN
    LOOP
        SELECT md5(house.epoch::text || life.name::text) INTO epoch
        FROM townhall_installation AS house, townhall_life AS life;
        IF FOUND THEN
            RETURN epoch;
        END IF;
        INSERT INTO townhall_installation (id, epoch) VALUES (1, gen_random_uuid())
        ON CONFLICT DO NOTHING;
        INSERT INTO townhall_life DEFAULT VALUES ON CONFLICT DO NOTHING;
    END LOOP;
END $$;
"""
_DROP = "DROP FUNCTION townhall_epoch(); DROP TABLE townhall_life;"


class Migration(migrations.Migration):
    dependencies = [("townhall", "0010_longer_languages")]

    operations = [migrations.RunSQL(_CREATE, _DROP)]
