using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Migrations
{
    /// <inheritdoc />
    public partial class Layouts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "LayoutBlocks",
                columns: table => new
                {
                    First = table.Column<int>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Layouts = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LayoutBlocks", x => x.First);
                });

            migrationBuilder.CreateTable(
                name: "LayoutSets",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Digest = table.Column<string>(type: "TEXT", nullable: false),
                    BaseId = table.Column<int>(type: "INTEGER", nullable: true),
                    Ranges = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LayoutSets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LayoutSets_LayoutSets_BaseId",
                        column: x => x.BaseId,
                        principalTable: "LayoutSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "KernelLayouts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    KernelId = table.Column<string>(type: "TEXT", nullable: false),
                    Btf = table.Column<string>(type: "TEXT", nullable: false),
                    Definition = table.Column<int>(type: "INTEGER", nullable: false),
                    SetId = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KernelLayouts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_KernelLayouts_Kernels_KernelId",
                        column: x => x.KernelId,
                        principalTable: "Kernels",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_KernelLayouts_LayoutSets_SetId",
                        column: x => x.SetId,
                        principalTable: "LayoutSets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_KernelLayouts_KernelId",
                table: "KernelLayouts",
                column: "KernelId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_KernelLayouts_SetId",
                table: "KernelLayouts",
                column: "SetId");

            migrationBuilder.CreateIndex(
                name: "IX_LayoutSets_BaseId",
                table: "LayoutSets",
                column: "BaseId");

            migrationBuilder.CreateIndex(
                name: "IX_LayoutSets_Digest",
                table: "LayoutSets",
                column: "Digest",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "KernelLayouts");

            migrationBuilder.DropTable(
                name: "LayoutBlocks");

            migrationBuilder.DropTable(
                name: "LayoutSets");
        }
    }
}
