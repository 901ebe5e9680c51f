using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace NewsApi.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class EditorialLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "note",
                table: "revisions",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2000);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into",
                table: "people",
                type: "uuid",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2000);

            migrationBuilder.AddColumn<Guid>(
                name: "article_id",
                table: "event_certainties",
                type: "uuid",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2004);

            migrationBuilder.AddColumn<string>(
                name: "end",
                table: "event_certainties",
                type: "text",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2003);

            migrationBuilder.AddColumn<string>(
                name: "note",
                table: "event_certainties",
                type: "character varying(2000)",
                maxLength: 2000,
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2005);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "recorded_at",
                table: "event_certainties",
                type: "timestamp with time zone",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2000);

            migrationBuilder.AddColumn<string>(
                name: "start",
                table: "event_certainties",
                type: "text",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2002);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "event_certainties",
                type: "integer",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2001);

            migrationBuilder.AddColumn<string>(
                name: "correction",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2000);

            migrationBuilder.AddColumn<string>(
                name: "merged_into",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2001);

            migrationBuilder.AddColumn<string>(
                name: "metadata_hash",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2005);

            migrationBuilder.AddColumn<string>(
                name: "previous_scope",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2003);

            migrationBuilder.AddColumn<string>(
                name: "scope",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2002);

            migrationBuilder.AddColumn<string>(
                name: "teaser_hash",
                table: "changes",
                type: "text",
                nullable: true,
                collation: "C")
                .Annotation("Relational:ColumnOrder", 2004);

            migrationBuilder.AddColumn<string>(
                name: "corrections",
                table: "articles",
                type: "text",
                nullable: false,
                defaultValueSql: "'[]'")
                .Annotation("Relational:ColumnOrder", 2004);

            migrationBuilder.AddColumn<long>(
                name: "due_at",
                table: "articles",
                type: "bigint",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2003);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "embargoed_until",
                table: "articles",
                type: "timestamp with time zone",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2000);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "articles",
                type: "timestamp with time zone",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2001);

            migrationBuilder.AddColumn<string>(
                name: "schedule",
                table: "articles",
                type: "text",
                nullable: true)
                .Annotation("Relational:ColumnOrder", 2002);

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    licence = table.Column<string>(type: "text", nullable: true),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C"),
                    prefix = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    scopes = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    actor = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    detail = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    resource_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "kept_answers",
                columns: table => new
                {
                    caller = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    idempotency_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    etag = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    kept_at = table.Column<long>(type: "bigint", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    request_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    status = table.Column<int>(type: "integer", nullable: false),
                    type = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    body = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_answers", x => new { x.caller, x.idempotency_key });
                });

            migrationBuilder.CreateTable(
                name: "merged_people",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    names = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    survivor = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_merged_people", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "public_versions",
                columns: table => new
                {
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_public_versions", x => new { x.type, x.id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    preview_links = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_key_secrets",
                columns: table => new
                {
                    hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    prefix = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_key_secrets", x => x.hash);
                    table.ForeignKey(
                        name: "FK_api_key_secrets_api_keys_key_id",
                        column: x => x.key_id,
                        principalTable: "api_keys",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "heads",
                columns: new[] { "name", "position" },
                values: new object[] { "access", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_people_merged_into",
                table: "people",
                column: "merged_into");

            migrationBuilder.CreateIndex(
                name: "IX_articles_due_at",
                table: "articles",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "IX_api_key_secrets_key_id",
                table: "api_key_secrets",
                column: "key_id");

            migrationBuilder.CreateIndex(
                name: "IX_audit_action_at_id",
                table: "audit",
                columns: new[] { "action", "at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_actor_at_id",
                table: "audit",
                columns: new[] { "actor", "at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_at_id",
                table: "audit",
                columns: new[] { "at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_resource_id_at_id",
                table: "audit",
                columns: new[] { "resource_id", "at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_kept_answers_kept_at",
                table: "kept_answers",
                column: "kept_at");

            migrationBuilder.CreateIndex(
                name: "IX_kept_answers_type_resource_id",
                table: "kept_answers",
                columns: new[] { "type", "resource_id" });

            migrationBuilder.CreateIndex(
                name: "IX_merged_people_survivor",
                table: "merged_people",
                column: "survivor");

            // Articles say now what was put right in them, so every one of them is rendered again.
            foreach (var set in new[] { "public", "preview" })
            {
                migrationBuilder.Sql($"""
                    INSERT INTO pending_renders (table_set, type, filter, value, after_sort_key, after_id)
                    SELECT DISTINCT '{set}', type, '*', '', '~', '' FROM {set}_cards WHERE type = 'article'
                    """);
            }

            // Every database makes secrets of its own when it gets the table.
            migrationBuilder.InsertData(
                table: "secrets",
                columns: new[] { "id", "preview_links" },
                values: new object[] { 1, NewsApi.Access.ServerSecrets.New() });

            // Every change of what the public sees is in the feed; what is not was public before there was one.
            migrationBuilder.Sql("""
                INSERT INTO public_versions (type, id, position, at, version)
                SELECT type, id, position, changed_at, CASE WHEN operation = 'upsert' THEN version END FROM changes
                WHERE operation = 'remove' OR previous_version IS NULL OR previous_version <> version
                """);
            migrationBuilder.Sql("""
                INSERT INTO public_versions (type, id, position, at, version)
                SELECT d.type, d.id, d.position, d.modified_at, d.version FROM public_documents AS d
                WHERE d.type <> 'section' AND NOT EXISTS (SELECT 1 FROM public_versions AS v WHERE v.type = d.type AND v.id = d.id)
                """);

            // A revision is saved in the write that adds the rung, and a moment earlier.
            migrationBuilder.Sql("""
                UPDATE event_certainties SET version = (
                    SELECT MAX(r.version) FROM revisions AS r
                    WHERE r.type = 'event' AND r.resource_id = event_certainties.event_id AND r.saved_at <= event_certainties.at)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_key_secrets");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "kept_answers");

            migrationBuilder.DropTable(
                name: "merged_people");

            migrationBuilder.DropTable(
                name: "public_versions");

            migrationBuilder.DropTable(
                name: "secrets");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropIndex(
                name: "IX_people_merged_into",
                table: "people");

            migrationBuilder.DropIndex(
                name: "IX_articles_due_at",
                table: "articles");

            migrationBuilder.DeleteData(
                table: "heads",
                keyColumn: "name",
                keyValue: "access");

            migrationBuilder.DropColumn(
                name: "note",
                table: "revisions");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "people");

            migrationBuilder.DropColumn(
                name: "article_id",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "end",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "note",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "recorded_at",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "start",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "version",
                table: "event_certainties");

            migrationBuilder.DropColumn(
                name: "correction",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "metadata_hash",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "previous_scope",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "scope",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "teaser_hash",
                table: "changes");

            migrationBuilder.DropColumn(
                name: "corrections",
                table: "articles");

            migrationBuilder.DropColumn(
                name: "due_at",
                table: "articles");

            migrationBuilder.DropColumn(
                name: "embargoed_until",
                table: "articles");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "articles");

            migrationBuilder.DropColumn(
                name: "schedule",
                table: "articles");
        }
    }
}
