using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NewsApi.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Sync : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "cut_to",
                table: "feed",
                type: "bigint",
                nullable: false,
                defaultValue: 0L)
                .Annotation("Relational:ColumnOrder", 101);

            migrationBuilder.AddColumn<int>(
                name: "cuts",
                table: "feed",
                type: "integer",
                nullable: false,
                defaultValue: 0)
                .Annotation("Relational:ColumnOrder", 102);

            migrationBuilder.CreateIndex(
                name: "IX_public_documents_type_id_position_version_content_hash",
                table: "public_documents",
                columns: new[] { "type", "id", "position", "version", "content_hash" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_public_documents_type_id_position_version_content_hash",
                table: "public_documents");

            migrationBuilder.DropColumn(
                name: "cut_to",
                table: "feed");

            migrationBuilder.DropColumn(
                name: "cuts",
                table: "feed");

        }
    }
}
