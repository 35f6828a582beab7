using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Migrations
{
    /// <inheritdoc />
    public partial class ObjectTags : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "UploadedAt",
                table: "Objects",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // The best that is known of objects from before; the list is sorted by it.
            migrationBuilder.Sql("UPDATE Objects SET UploadedAt = LastUsedAt");

            migrationBuilder.CreateTable(
                name: "Tags",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Digest = table.Column<string>(type: "TEXT", nullable: false),
                    MovedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Tags", x => x.Name);
                    table.ForeignKey(
                        name: "FK_Tags_Objects_Digest",
                        column: x => x.Digest,
                        principalTable: "Objects",
                        principalColumn: "Digest",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Objects_UploadedAt_Digest",
                table: "Objects",
                columns: new[] { "UploadedAt", "Digest" });

            migrationBuilder.CreateIndex(
                name: "IX_Tags_Digest",
                table: "Tags",
                column: "Digest");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Tags");

            migrationBuilder.DropIndex(
                name: "IX_Objects_UploadedAt_Digest",
                table: "Objects");

            migrationBuilder.DropColumn(
                name: "UploadedAt",
                table: "Objects");
        }
    }
}
