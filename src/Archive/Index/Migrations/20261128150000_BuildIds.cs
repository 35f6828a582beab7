using Relo.Archive.Naming;

using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Relo.Archive.Index.Migrations
{
    /// <inheritdoc />
    public partial class BuildIds : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Banner",
                table: "Kernels",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "BuildId",
                table: "Kernels",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Kernels_BuildId",
                table: "Kernels",
                column: "BuildId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Kernels_BuildId",
                table: "Kernels");

            migrationBuilder.DropColumn(
                name: "Banner",
                table: "Kernels");

            migrationBuilder.DropColumn(
                name: "BuildId",
                table: "Kernels");
        }
    }
}
