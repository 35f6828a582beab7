using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Migrations
{
    /// <inheritdoc />
    public partial class Audit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AuditEntries",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Digest = table.Column<string>(type: "TEXT", nullable: true),
                    Source = table.Column<string>(type: "TEXT", nullable: true),
                    Previous = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditEntries", x => x.Number);
                });

            // Against mistakes, also of this program. Who may write the database can drop a trigger: the chain shows what was changed.
            migrationBuilder.Sql("""
                CREATE TRIGGER AuditEntryUnchanged BEFORE UPDATE ON AuditEntries BEGIN
                    SELECT RAISE(ABORT, 'an entry of the audit trail never changes');
                END;
                CREATE TRIGGER AuditEntryKept BEFORE DELETE ON AuditEntries
                WHEN OLD.Number > (SELECT max(Number) FROM AuditEntries) - 10000 BEGIN
                    SELECT RAISE(ABORT, 'the newest 10000 entries of the audit trail are never deleted');
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AuditEntries");
        }
    }
}
