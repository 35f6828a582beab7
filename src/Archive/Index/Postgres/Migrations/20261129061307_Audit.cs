using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Audit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "auditentries",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    digest = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    previous = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hash = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auditentries", x => x.number);
                });

            // Against mistakes, also of this program. Who may write the database can drop a trigger: the chain shows what was changed.
            migrationBuilder.Sql("""
                CREATE FUNCTION relo_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF TG_OP = 'DELETE' THEN
                        IF OLD.number <= (SELECT max(number) FROM auditentries) - 10000 THEN RETURN OLD; END IF;
                        RAISE EXCEPTION 'the newest 10000 entries of the audit trail are never deleted';
                    END IF;
                    RAISE EXCEPTION 'an entry of the audit trail never changes';
                END $$;
                CREATE TRIGGER relo_audit_kept BEFORE UPDATE OR DELETE ON auditentries FOR EACH ROW EXECUTE FUNCTION relo_audit_kept();
                CREATE TRIGGER relo_audit_not_emptied BEFORE TRUNCATE ON auditentries FOR EACH STATEMENT EXECUTE FUNCTION relo_audit_kept();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "auditentries");
            migrationBuilder.Sql("DROP FUNCTION relo_audit_kept");
        }
    }
}
