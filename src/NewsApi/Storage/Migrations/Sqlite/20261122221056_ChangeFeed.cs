using Microsoft.EntityFrameworkCore.Migrations;
using NewsApi.Publishing;

#nullable disable

namespace NewsApi.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ChangeFeed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Without the changed column orders that were scaffolded: they would copy the whole table, and nobody reads by order.
            migrationBuilder.AddColumn<string>(
                name: "external_ids",
                table: "changes",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.CreateTable(
                name: "feed",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    epoch = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feed", x => x.id);
                });

            // Written by hand: every database makes an epoch of its own when it gets the table.
            migrationBuilder.InsertData(
                table: "feed",
                columns: new[] { "id", "epoch" },
                values: new object[] { 1, Feed.NewEpoch() });

            migrationBuilder.CreateIndex(
                name: "IX_changes_type_position",
                table: "changes",
                columns: new[] { "type", "position" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "feed");

            migrationBuilder.DropIndex(
                name: "IX_changes_type_position",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "external_ids",
                table: "changes");
        }
    }
}
