using Npgsql;

namespace NewsApi.Benchmarks;

/// <summary>The database of a run, which all its servers share: a file in a folder, or a database of its own on a server.</summary>
internal sealed class BenchmarkDatabase : IDisposable
{
    /// <summary>To PostgreSQL, of the product and of the bare server alike; the product's default.</summary>
    public const int ReadConnections = 16;

    private const string Sqlite = "Sqlite";
    private const string Postgres = "Postgres";

    private readonly string _provider;
    private readonly string _connectionString;
    private readonly string? _administration;

    /// <param name="folder">For the file.</param>
    /// <param name="postgres">A connection string without a database, or nothing for SQLite.</param>
    public BenchmarkDatabase(string folder, string? postgres)
    {
        _administration = postgres;
        (_provider, _connectionString) = postgres is null
            ? (Sqlite, $"Data Source={Path.Combine(folder, "news.db")}")
            : (Postgres, new NpgsqlConnectionStringBuilder(postgres) { Database = $"newsapi_benchmark_{Guid.NewGuid():N}" }.ToString());
    }

    public bool IsPostgres => _provider == Postgres;

    /// <summary>The product makes the database when it starts.</summary>
    public string[] Settings =>
    [
        $"--Storage:Provider={_provider}", $"--ConnectionStrings:News={_connectionString}", "--Storage:MigrateAtStart=true",
        $"--Storage:ReadConnections={ReadConnections}", "--Storage:Synchronous=normal",
    ];

    /// <summary>The last arguments of <see cref="ServerProcess.BareDatabase"/>.</summary>
    public string[] Arguments => [_provider, _connectionString];

    public static IBareDatabase Open(string provider, string connectionString) =>
        provider == Postgres ? new BarePostgres(connectionString, ReadConnections) : new BareSqlite(connectionString);

    /// <summary>Fresh figures on what the tables hold, as the database makes them by itself after a while.</summary>
    public void Analyze()
    {
        if (IsPostgres) Execute(_connectionString, "VACUUM ANALYZE");
    }

    public void Dispose()
    {
        if (_administration is null) return;

        var database = new NpgsqlConnectionStringBuilder(_connectionString).Database;
        Execute(new NpgsqlConnectionStringBuilder(_administration) { Database = "postgres" }.ToString(), $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
    }

    private static void Execute(string connectionString, string sql)
    {
        using var source = NpgsqlDataSource.Create(connectionString);
        using var command = source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }
}
