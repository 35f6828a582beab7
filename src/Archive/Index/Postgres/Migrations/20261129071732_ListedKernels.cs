using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class ListedKernels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "listedkernels",
                columns: table => new
                {
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    distro = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    arch = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    release = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    seenat = table.Column<long>(type: "bigint", nullable: false),
                    triedat = table.Column<long>(type: "bigint", nullable: true),
                    fault = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    refusedstamp = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_listedkernels", x => new { x.source, x.distro, x.version, x.arch, x.release });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "listedkernels");
        }
    }
}
