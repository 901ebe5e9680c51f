namespace NewsApi.Storage;

/// <summary>Settings of section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    public const string Sqlite = "Sqlite";
    public const string Postgres = "Postgres";

    /// <summary><c>Sqlite</c> (default), a file beside the program, or <c>Postgres</c>, for several nodes.</summary>
    public string Provider { get; init; } = Sqlite;

    /// <summary>Whether the program brings the schema up to date when it starts; where not said, on SQLite only.</summary>
    public bool? MigrateAtStart { get; init; }

    /// <summary>SQLite: <c>full</c> (default) outlives a power cut, <c>normal</c> only a crash of the program, and is faster.</summary>
    public string Synchronous { get; init; } = "full";

    /// <summary>PostgreSQL: how many connections this node reads on. One more writes, one listens.</summary>
    public int ReadConnections { get; init; } = 16;

    /// <summary>
    /// PostgreSQL: whether nodes tell each other of commits with NOTIFY. Without it, behind a pooler that shares sessions for
    /// instance, they look twice a second.
    /// </summary>
    public bool Notifications { get; init; } = true;

    /// <summary>Also what the chosen provider does not use: a setting that is wrong is wrong.</summary>
    public void Check()
    {
        if (Provider is not (Sqlite or Postgres)) throw new SettingException("Storage:Provider", $"must be {Sqlite} or {Postgres}");
        if (Synchronous is not ("full" or "normal")) throw new SettingException("Storage:Synchronous", "must be full or normal");
        if (ReadConnections is < 1 or > 1_000) throw new SettingException("Storage:ReadConnections", "must be 1 to 1000");
    }
}
