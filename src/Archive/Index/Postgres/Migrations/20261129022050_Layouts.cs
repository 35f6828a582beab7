using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Relo.Archive.Index.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Layouts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "layoutblocks",
                columns: table => new
                {
                    first = table.Column<int>(type: "integer", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    layouts = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_layoutblocks", x => x.first);
                });

            migrationBuilder.CreateTable(
                name: "layoutsets",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    baseid = table.Column<int>(type: "integer", nullable: true),
                    ranges = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_layoutsets", x => x.id);
                    table.ForeignKey(
                        name: "FK_layoutsets_layoutsets_baseid",
                        column: x => x.baseid,
                        principalTable: "layoutsets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "kernellayouts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kernelid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    btf = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    definition = table.Column<int>(type: "integer", nullable: false),
                    setid = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kernellayouts", x => x.id);
                    table.ForeignKey(
                        name: "FK_kernellayouts_kernels_kernelid",
                        column: x => x.kernelid,
                        principalTable: "kernels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_kernellayouts_layoutsets_setid",
                        column: x => x.setid,
                        principalTable: "layoutsets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_kernellayouts_kernelid",
                table: "kernellayouts",
                column: "kernelid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_kernellayouts_setid",
                table: "kernellayouts",
                column: "setid");

            migrationBuilder.CreateIndex(
                name: "IX_layoutsets_baseid",
                table: "layoutsets",
                column: "baseid");

            migrationBuilder.CreateIndex(
                name: "IX_layoutsets_digest",
                table: "layoutsets",
                column: "digest",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "kernellayouts");

            migrationBuilder.DropTable(
                name: "layoutblocks");

            migrationBuilder.DropTable(
                name: "layoutsets");
        }
    }
}
