using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NewsApi.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SectionsHead : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.InsertData(
                table: "heads",
                columns: new[] { "name", "position" },
                values: new object[] { "sections", 0L });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DeleteData(
                table: "heads",
                keyColumn: "name",
                keyValue: "sections");
        }
    }
}
