using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace NewsApi.Storage.Migrations.Sqlite
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
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    hash = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    sort_key = table.Column<string>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    facets = table.Column<byte[]>(type: "BLOB", nullable: false),
                    terms = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_preview_entries", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "public_entries",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    hash = table.Column<long>(type: "INTEGER", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    sort_key = table.Column<string>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    facets = table.Column<byte[]>(type: "BLOB", nullable: false),
                    terms = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_public_entries", x => x.number);
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
                name: "IX_public_entries_type_id",
                table: "public_entries",
                columns: new[] { "type", "id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_public_entries_type_updated_at_number",
                table: "public_entries",
                columns: new[] { "type", "updated_at", "number" });

            foreach (var set in new[] { "public", "preview" })
            {
                migrationBuilder.Sql($"""
                    CREATE VIRTUAL TABLE {set}_search USING fts5(tokens, content='', contentless_delete=1, prefix='2 3',
                        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Cf Co Cn'")
                    """);
            }

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
            migrationBuilder.Sql("DROP TABLE preview_search");
            migrationBuilder.Sql("DROP TABLE public_search");

            migrationBuilder.DropTable(
                name: "preview_entries");

            migrationBuilder.DropTable(
                name: "public_entries");
        }
    }
}
