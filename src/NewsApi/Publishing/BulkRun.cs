using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using NewsApi.Access;
using NewsApi.Http;
using NewsApi.People;
using NewsApi.Sections;
using NewsApi.Storage;
using NewsApi.Subscriptions;

namespace NewsApi.Publishing;

/// <summary>A chunk with all its rows, as the database was when it was looked at.</summary>
/// <param name="Chunk">What was asked for.</param>
/// <param name="Claims">What of it is new.</param>
/// <param name="Resources">The rows of what is new.</param>
/// <param name="Others">How often others had written by then.</param>
internal sealed record BulkChunk<TInput>(
    IReadOnlyList<BulkItem<TInput>> Chunk, IReadOnlyList<BulkClaim<TInput>> Claims, IReadOnlyList<BulkResource> Resources, Heads Others)
    where TInput : class, IResourceInput;

/// <summary>Positions of the heads, or steps of them.</summary>
internal readonly record struct Heads(long Public, long Sections, long Preview)
{
    public static Heads operator +(Heads a, Heads b) => new(a.Public + b.Public, a.Sections + b.Sections, a.Preview + b.Preview);

    public static Heads operator -(Heads a, Heads b) => new(a.Public - b.Public, a.Sections - b.Sections, a.Preview - b.Preview);
}

/// <summary>
/// Makes and inserts chunks, on connections of its own. A chunk is looked up and rendered while others write, and while the
/// one before it is inserted; the database is held for the insertion alone, after a glance at the heads. Where they show that
/// somebody else has written since, the chunk is made once more, and now the others wait.
/// </summary>
internal sealed class BulkRun<TResource, TInput>(
    IEditor<TResource, TInput> editor, BulkRows<TResource, TInput> rows, NewsDatabase database, Publisher publisher, AnswerCache cache,
    KnownHeads known, TimeProvider clock, Caller caller) : IDisposable
    where TResource : Resource
    where TInput : class, IResourceInput
{
    private const int Tries = 8;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly LinkCache _links = new();
    private StoredCommands? _looking;
    private StoredCommands? _writing;
    private IRowInserter? _inserter;
    private Heads _others;

    /// <summary>How far this run has moved the heads.</summary>
    private Heads _ours;

    public void Dispose()
    {
        _inserter?.Dispose();
        _looking?.Dispose();
        _writing?.Dispose();
        _gate.Dispose();
    }

    /// <param name="before">The chunk that may still be on its way into the database.</param>
    public async Task<Outcome<BulkChunk<TInput>>> MakeAsync(IReadOnlyList<BulkItem<TInput>> chunk, BulkChunk<TInput>? before, CancellationToken cancel)
    {
        _looking ??= new StoredCommands(await database.OpenWriterAsync(cancel));
        while (true)
        {
            var others = await ReadOthersAsync(_looking, cancel);
            if (others != _others) _links.Clear();
            _others = others;

            BulkLookup<TInput> found;
            await using (var db = await database.CreateContextAsync(_looking.Connection, null, cancel))
            {
                found = await BulkLookup.FindAsync(db, editor.Type, chunk, before?.Claims ?? [], _links, cancel);
            }

            if (found.MissingSections.Count == 0) return Render(chunk, found, _links, others);
            if (await AddSectionsAsync(found.MissingSections, cancel) is { } refused) return refused;
        }
    }

    /// <summary>Answers how many resources were new.</summary>
    public async Task<Outcome<int>> InsertAsync(BulkChunk<TInput> chunk, CancellationToken cancel)
    {
        _writing ??= new StoredCommands(await database.OpenWriterAsync(cancel));
        _inserter ??= database.InsertInto(_writing.Connection);
        for (var tries = 1; ; tries++)
        {
            try
            {
                var written = await TryInsertAsync(chunk, mustBeAlone: tries > 2, cancel);
                if (written.Problem is not null || written.Value is not null) return written.Problem is { } problem ? problem : written.Value!.Value;
            }
            catch (Exception e) when (database.FaultOf(e) is DatabaseFault.Conflict or DatabaseFault.Busy && tries < Tries)
            {
                // Another node was faster with something of this chunk; what it did is seen the next time.
            }
        }
    }

    /// <summary>How many resources were new, or nothing where a section went away before it could be used.</summary>
    /// <param name="mustBeAlone">From the start nobody else commits: who has met others again and again would never come through.</param>
    private async Task<Outcome<int?>> TryInsertAsync(BulkChunk<TInput> chunk, bool mustBeAlone, CancellationToken cancel)
    {
        List<string> missing;
        await using (var transaction = await _writing!.Connection.BeginTransactionAsync(cancel))
        {
            _writing.Transaction = transaction;
            await using var db = await database.CreateContextAsync(_writing.Connection, transaction, cancel);
            await HoldAsync(db, chunk, cancel);
            if (mustBeAlone) await _writing.Prepare("UPDATE heads SET position = position").ExecuteNonQueryAsync(cancel);
            var others = await ReadOthersAsync(_writing, cancel);
            missing = [];
            if (chunk.Others != others)
            {
                var links = new LinkCache();
                var found = await BulkLookup.FindAsync(db, editor.Type, chunk.Chunk, [], links, cancel);
                missing.AddRange(found.MissingSections);
                if (missing.Count == 0)
                {
                    var made = Render(chunk.Chunk, found, links, others);
                    if (made.Problem is not null) return made.Problem;
                    chunk = made.Value!;
                }
            }

            if (missing.Count == 0)
            {
                if (await BulkLookup.ExternalIdInUseAsync(db, editor.Type, [.. chunk.Resources.Select(r => r.Resource)], cancel) is { } taken) return taken;

                var step = await InsertAsync(db, chunk.Resources, cancel);
                await CommitAsync(transaction, step, cancel);
                Expire(others + _ours - step, step);
                return chunk.Resources.Count;
            }
        }

        return await AddSectionsAsync(missing, cancel) is { } refused ? refused : (Outcome<int?>)(int?)null;
    }

    /// <summary>What these documents show must not change before others can find that they show it.</summary>
    private async Task HoldAsync(NewsDbContext db, BulkChunk<TInput> chunk, CancellationToken cancel)
    {
        foreach (var ofType in chunk.Claims.SelectMany(c => c.Item.Links.Zip(c.Links)).GroupBy(l => l.First.Type, l => l.Second))
        {
            if (ofType.Key == ResourceType.Person) await MergedPeople.HoldToShowAsync(db, _writing!, [.. ofType.Distinct().Select(id => id.ToString())], cancel);
            else await db.HoldAsync(ofType.Key, [.. ofType.Distinct()], Hold.ToShow, cancel);
        }

        foreach (var section in chunk.Claims.Select(c => c.Item.Section).OfType<string>().Distinct())
            await db.HoldSectionAsync(section, Hold.ToShow, cancel);
    }

    private void Expire(Heads before, Heads step)
    {
        cache.ExpireAll();
        known.Advance(Head.Public, before.Public, before.Public + step.Public);
        known.Advance(Head.Preview, before.Preview, before.Preview + step.Preview);
    }

    private Outcome<BulkChunk<TInput>> Render(IReadOnlyList<BulkItem<TInput>> chunk, BulkLookup<TInput> found, LinkCache links, Heads others)
    {
        if (found.Problem is not null) return found.Problem;

        var at = clock.Now();
        var made = new Outcome<BulkResource>[found.Claims.Count];
        Parallel.For(0, made.Length, i => made[i] = rows.Make(found.Claims[i], links, at));
        return made.FirstOrDefault(m => m.Problem is not null).Problem is { } problem
            ? problem
            : new BulkChunk<TInput>(chunk, found.Claims, [.. made.Select(m => m.Value!)], others);
    }

    /// <summary>Sections that articles name and nobody has published are made as a single write would make them.</summary>
    private async Task<Problem?> AddSectionsAsync(IReadOnlyList<string> slugs, CancellationToken cancel)
    {
        var outcome = await publisher.WriteAsync<bool>(
            async (db, token) =>
            {
                foreach (var slug in slugs) (await SectionEditor.FindOrAddAsync(db, slug, null, token)).PublishNewest = true;
                return true;
            },
            caller,
            cancel);
        return outcome.Problem;
    }

    private async Task<Heads> InsertAsync(NewsDbContext db, IReadOnlyList<BulkResource> resources, CancellationToken cancel)
    {
        foreach (var table in resources.SelectMany(r => r.Rows).GroupBy(r => r.Table, r => r.Row)) await _inserter!.InsertAsync(table.Key, [.. table], cancel);

        // Positions last, as everywhere; documents and change rows carry them.
        var documents = resources.SelectMany(r => r.Documents).ToList();
        var fed = documents.Where(d => d.Change is not null).ToList();
        await GiveAsync([.. documents.Where(d => d.Change is null)], Head.Preview, cancel);
        await GiveAsync(fed, Head.Public, cancel);
        await GiveNumbersAsync(db, documents, cancel);
        foreach (var table in documents.SelectMany(d => d.Index).GroupBy(r => r.Table, r => r.Row)) await _inserter!.InsertAsync(table.Key, [.. table], cancel);
        foreach (var table in documents.GroupBy(d => d.Table, d => d.Row)) await _inserter!.InsertAsync(table.Key, [.. table], cancel);

        var changes = database.Tables.Of<Change>();
        var now = clock.Now().ToUnixTimeMilliseconds();
        if (resources.Count > 0) await RecordAsync(resources.Count, now, cancel);
        var entries = fed.ConvertAll(d => d.Change!(d.Position, now));
        await _inserter!.InsertAsync(changes, [.. entries.Select(changes.Row)], cancel);
        var seen = database.Tables.Of<SeenVersion>();
        await _inserter!.InsertAsync(seen, [.. entries.Select(SeenVersion.Of).OfType<SeenVersion>().Select(seen.Row)], cancel);
        if (fed.Count > 0) await _writing!.RunAsync([Doorbells.Ring(fed[^1].Position, FeedTypeNames.Of(editor.Type), now)], cancel);
        if (database.Announcement is { } announcement) await _writing!.RunAsync([announcement], cancel);
        return new Heads(fed.Count, 0, documents.Count - fed.Count);
    }

    /// <summary>One line of the audit for the whole chunk.</summary>
    private Task RecordAsync(int count, long now, CancellationToken cancel)
    {
        var audit = database.Tables.Of<AuditEntry>();
        var entry = new AuditEntry
        {
            At = now,
            Actor = caller.Name,
            Action = AuditActions.Created,
            Type = editor.Type.Name(),
            Detail = string.Create(CultureInfo.InvariantCulture, $"{count} at once"),
        };
        return _inserter!.InsertAsync(audit, [audit.Row(entry)], cancel);
    }

    private async Task GiveAsync(List<BulkDocument> documents, string head, CancellationToken cancel)
    {
        if (documents.Count == 0) return;

        var update = _writing!.Prepare(
            $"{database.Patience(isPatient: true)}UPDATE heads SET position = position + @count WHERE name = @name RETURNING position",
            ("count", documents.Count), ("name", head));
        var position = Convert.ToInt64(await update.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) - documents.Count;
        foreach (var document in documents) document.Position = ++position;
    }

    /// <summary>Places in the search index. Two resources of one instant seldom want the same.</summary>
    private async Task GiveNumbersAsync(NewsDbContext db, List<BulkDocument> documents, CancellationToken cancel)
    {
        var wanted = documents.Select(d => d.Number).Distinct().ToList();
        var owners = new Dictionary<long, string>();
        foreach (var set in (string[])[PublishedTables.Public, PublishedTables.Preview])
        {
            var taken = db.Set<PublishedEntry>($"{set}_entries").Where(e => EF.Parameter(wanted).Contains(e.Number)).Select(e => new { e.Number, e.Id });
            foreach (var entry in await taken.ToListAsync(cancel)) owners[entry.Number] = entry.Id;
        }

        foreach (var document in documents)
        {
            var number = document.Number;
            while (owners.TryGetValue(number, out var owner) && owner != document.Id)
                number = await PublishedTables.FreeNumberAsync(_writing!, number + 1, document.Id, cancel);
            owners[number] = document.Id;
            if (number != document.Number) document.Number = number;
        }
    }

    private async Task CommitAsync(DbTransaction transaction, Heads step, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            await transaction.CommitAsync(cancel);
            _ours += step;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>How far others have moved the heads.</summary>
    private async Task<Heads> ReadOthersAsync(StoredCommands commands, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            var heads = new Dictionary<string, long>();
            await using var rows = await commands.Prepare("SELECT name, position FROM heads").ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) heads.Add(rows.GetString(0), rows.GetInt64(1));
            return new Heads(heads[Head.Public], heads[Head.Sections], heads[Head.Preview]) - _ours;
        }
        finally
        {
            _gate.Release();
        }
    }
}
