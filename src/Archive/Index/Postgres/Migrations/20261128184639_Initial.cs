using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "kernelchanges",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kernelchanges", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "kernels",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    distro = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    arch = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    release = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    btf = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    btfsizebytes = table.Column<long>(type: "bigint", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    addedat = table.Column<long>(type: "bigint", nullable: false),
                    filesizebytes = table.Column<long>(type: "bigint", nullable: true),
                    filemodifiedat = table.Column<long>(type: "bigint", nullable: true),
                    buildid = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    banner = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kernels", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "objects",
                columns: table => new
                {
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sizebytes = table.Column<long>(type: "bigint", nullable: false),
                    uploadedat = table.Column<long>(type: "bigint", nullable: false),
                    lastusedat = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_objects", x => x.digest);
                });

            migrationBuilder.CreateTable(
                name: "modules",
                columns: table => new
                {
                    kernelid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    btf = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    btfsizebytes = table.Column<long>(type: "bigint", nullable: false),
                    addedat = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_modules", x => new { x.kernelid, x.name });
                    table.ForeignKey(
                        name: "FK_modules_kernels_kernelid",
                        column: x => x.kernelid,
                        principalTable: "kernels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tags",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    digest = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    movedat = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tags", x => x.name);
                    table.ForeignKey(
                        name: "FK_tags_objects_digest",
                        column: x => x.digest,
                        principalTable: "objects",
                        principalColumn: "digest",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_kernelchanges_version",
                table: "kernelchanges",
                column: "version");

            migrationBuilder.CreateIndex(
                name: "IX_kernels_btf",
                table: "kernels",
                column: "btf");

            migrationBuilder.CreateIndex(
                name: "IX_kernels_buildid",
                table: "kernels",
                column: "buildid");

            migrationBuilder.CreateIndex(
                name: "IX_modules_btf",
                table: "modules",
                column: "btf");

            migrationBuilder.CreateIndex(
                name: "IX_objects_lastusedat",
                table: "objects",
                column: "lastusedat");

            migrationBuilder.CreateIndex(
                name: "IX_objects_uploadedat_digest",
                table: "objects",
                columns: new[] { "uploadedat", "digest" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_digest",
                table: "tags",
                column: "digest");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "kernelchanges");

            migrationBuilder.DropTable(
                name: "modules");

            migrationBuilder.DropTable(
                name: "tags");

            migrationBuilder.DropTable(
                name: "kernels");

            migrationBuilder.DropTable(
                name: "objects");
        }
    }
}
