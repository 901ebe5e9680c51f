using Microsoft.EntityFrameworkCore.Migrations;
using NpgsqlTypes;

#nullable disable

namespace NewsApi.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Search : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "preview_entries",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sort_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    facets = table.Column<byte[]>(type: "bytea", nullable: false),
                    terms = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_preview_entries", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "preview_search",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    tokens = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_preview_search", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "public_entries",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sort_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    facets = table.Column<byte[]>(type: "bytea", nullable: false),
                    terms = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_public_entries", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "public_search",
                columns: table => new
                {
                    number = table.Column<long>(type: "bigint", nullable: false),
                    tokens = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_public_search", x => x.number);
                });

            migrationBuilder.CreateIndex(
                name: "IX_preview_entries_type_id",
                table: "preview_entries",
                columns: new[] { "type", "id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_preview_entries_type_updated_at_number",
                table: "preview_entries",
                columns: new[] { "type", "updated_at", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_preview_search_tokens",
                table: "preview_search",
                column: "tokens")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:StorageParameter:fastupdate", false);

            migrationBuilder.CreateIndex(
                name: "IX_public_entries_type_id",
                table: "public_entries",
                columns: new[] { "type", "id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_public_entries_type_updated_at_number",
                table: "public_entries",
                columns: new[] { "type", "updated_at", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_public_search_tokens",
                table: "public_search",
                column: "tokens")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:StorageParameter:fastupdate", false);

            // What has been published before is rendered again in batches, for the rows that are new with this.
            foreach (var set in new[] { "public", "preview" })
            {
                migrationBuilder.Sql($"""
                    INSERT INTO pending_renders (table_set, type, filter, value, after_sort_key, after_id)
                    SELECT DISTINCT '{set}', type, '*', '', '~', '' FROM {set}_cards WHERE type <> 'section'
                    """);
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "preview_entries");

            migrationBuilder.DropTable(
                name: "preview_search");

            migrationBuilder.DropTable(
                name: "public_entries");

            migrationBuilder.DropTable(
                name: "public_search");
        }
    }
}
