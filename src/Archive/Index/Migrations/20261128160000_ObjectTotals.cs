using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Relo.Archive.Index.Migrations;

/// <summary>
/// Counts objects and tags as they come and go, so that adding one scans no table. By triggers, which hold for every process and every statement. The model
/// does not change: the table is read only as <see cref="ObjectTotals"/>.
/// </summary>
[DbContext(typeof(ArchiveDb))]
[Migration("20261128160000_ObjectTotals")]
internal sealed class ObjectTotalsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ObjectTotals (Id INTEGER NOT NULL PRIMARY KEY, Count INTEGER NOT NULL, Bytes INTEGER NOT NULL, Tags INTEGER NOT NULL);
        INSERT INTO ObjectTotals SELECT 1, count(*), coalesce(sum(SizeBytes), 0), (SELECT count(*) FROM Tags) FROM Objects;
        CREATE TRIGGER ObjectAdded AFTER INSERT ON Objects BEGIN
            UPDATE ObjectTotals SET Count = Count + 1, Bytes = Bytes + NEW.SizeBytes WHERE Id = 1;
        END;
        CREATE TRIGGER ObjectRemoved AFTER DELETE ON Objects BEGIN
            UPDATE ObjectTotals SET Count = Count - 1, Bytes = Bytes - OLD.SizeBytes WHERE Id = 1;
        END;
        CREATE TRIGGER TagAdded AFTER INSERT ON Tags BEGIN
            UPDATE ObjectTotals SET Tags = Tags + 1 WHERE Id = 1;
        END;
        CREATE TRIGGER TagRemoved AFTER DELETE ON Tags BEGIN
            UPDATE ObjectTotals SET Tags = Tags - 1 WHERE Id = 1;
        END;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER TagRemoved;
        DROP TRIGGER TagAdded;
        DROP TRIGGER ObjectRemoved;
        DROP TRIGGER ObjectAdded;
        DROP TABLE ObjectTotals;
        """);
}
