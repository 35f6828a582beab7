using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Relo.Archive.Index.Postgres.Migrations;

/// <summary>
/// Counts objects and tags as they come and go, so that adding one scans no table; and notifies the nodes when kernels change. Triggers run
/// once for each statement: a row that many rows of one transaction would update becomes slow. The model does not change.
/// </summary>
[DbContext(typeof(PostgresDb))]
[Migration("20261128190000_Triggers")]
internal sealed class Triggers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE objecttotals (id integer NOT NULL PRIMARY KEY, count bigint NOT NULL, bytes bigint NOT NULL, tags bigint NOT NULL);
        INSERT INTO objecttotals SELECT 1, count(*), coalesce(sum(sizebytes), 0), (SELECT count(*) FROM tags) FROM objects;

        CREATE FUNCTION relo_objects_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE objecttotals t SET count = t.count + n.count, bytes = t.bytes + n.bytes
            FROM (SELECT count(*) AS count, sum(sizebytes) AS bytes FROM rows) AS n WHERE t.id = 1 AND n.count > 0;
            RETURN NULL;
        END $$;
        CREATE FUNCTION relo_objects_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE objecttotals t SET count = t.count - n.count, bytes = t.bytes - n.bytes
            FROM (SELECT count(*) AS count, sum(sizebytes) AS bytes FROM rows) AS n WHERE t.id = 1 AND n.count > 0;
            RETURN NULL;
        END $$;
        CREATE FUNCTION relo_tags_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE objecttotals t SET tags = t.tags + n.count FROM (SELECT count(*) AS count FROM rows) AS n WHERE t.id = 1 AND n.count > 0;
            RETURN NULL;
        END $$;
        CREATE FUNCTION relo_tags_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE objecttotals t SET tags = t.tags - n.count FROM (SELECT count(*) AS count FROM rows) AS n WHERE t.id = 1 AND n.count > 0;
            RETURN NULL;
        END $$;
        CREATE FUNCTION relo_kernels_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_notify('relo_kernels', '');
            RETURN NULL;
        END $$;

        CREATE TRIGGER relo_objects_added AFTER INSERT ON objects REFERENCING NEW TABLE AS rows
            FOR EACH STATEMENT EXECUTE FUNCTION relo_objects_added();
        CREATE TRIGGER relo_objects_removed AFTER DELETE ON objects REFERENCING OLD TABLE AS rows
            FOR EACH STATEMENT EXECUTE FUNCTION relo_objects_removed();
        CREATE TRIGGER relo_tags_added AFTER INSERT ON tags REFERENCING NEW TABLE AS rows
            FOR EACH STATEMENT EXECUTE FUNCTION relo_tags_added();
        CREATE TRIGGER relo_tags_removed AFTER DELETE ON tags REFERENCING OLD TABLE AS rows
            FOR EACH STATEMENT EXECUTE FUNCTION relo_tags_removed();
        CREATE TRIGGER relo_kernels_changed AFTER INSERT OR UPDATE ON kernelchanges
            FOR EACH STATEMENT EXECUTE FUNCTION relo_kernels_changed();
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER relo_kernels_changed ON kernelchanges;
        DROP TRIGGER relo_tags_removed ON tags;
        DROP TRIGGER relo_tags_added ON tags;
        DROP TRIGGER relo_objects_removed ON objects;
        DROP TRIGGER relo_objects_added ON objects;
        DROP FUNCTION relo_kernels_changed, relo_tags_removed, relo_tags_added, relo_objects_removed, relo_objects_added;
        DROP TABLE objecttotals;
        """);
}
