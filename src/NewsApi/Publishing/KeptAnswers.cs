using Microsoft.EntityFrameworkCore;
using NewsApi.Http;
using NewsApi.Storage;

namespace NewsApi.Publishing;

/// <summary>
/// One answer for each <c>Idempotency-Key</c>, in the transaction of the write itself: either both are there or neither is, also after a
/// crash. Whoever comes with the same key while another node still writes waits for it.
/// </summary>
internal sealed class KeptAnswers(StoredCommands commands)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>In the place of a status: it was done, and what was answered is not told again.</summary>
    private const int Withheld = -1;

    /// <summary>Takes the key for this write; where it has been used, gives the answer of then, or says that it was for something else.</summary>
    public async Task<Outcome<WriteAnswer?>> BeginAsync(IdempotentRequest request, DateTimeOffset at, CancellationToken cancel)
    {
        await commands.Prepare("DELETE FROM kept_answers WHERE kept_at < @limit", ("limit", (at - Lifetime).ToUnixTimeMilliseconds())).ExecuteNonQueryAsync(cancel);
        var take = commands.Prepare(
            """
            INSERT INTO kept_answers (caller, idempotency_key, request_hash, kept_at, status, body) VALUES (@caller, @key, @hash, @at, 0, @body)
            ON CONFLICT (caller, idempotency_key) DO NOTHING
            """,
            ("caller", request.Caller), ("key", request.Key), ("hash", request.Hash), ("at", at.ToUnixTimeMilliseconds()), ("body", Array.Empty<byte>()));
        if (await take.ExecuteNonQueryAsync(cancel) > 0) return (WriteAnswer?)null;

        var find = commands.Prepare(
            "SELECT request_hash, status, etag, location, body FROM kept_answers WHERE caller = @caller AND idempotency_key = @key",
            ("caller", request.Caller), ("key", request.Key));
        await using var row = await find.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) return Problems.Unavailable("The key was in use and is free again; try once more.");
        if (row.GetString(0) != request.Hash) return Problems.IdempotencyKeyReused();

        if (row.GetInt32(1) == Withheld) return Problems.Conflict("answerWithheld", "This was done, and what was answered then is not shown any more. Read the resource as it is now.");

        return new WriteAnswer(row.GetInt32(1), Revisions.Unpack(row.GetFieldValue<byte[]>(4)))
        {
            ETag = row.IsDBNull(2) ? null : row.GetString(2),
            Location = row.IsDBNull(3) ? null : row.GetString(3),
        };
    }

    /// <summary>Answers that show what is not to be seen any more, by nobody or not by this caller: their keys stay used.</summary>
    public static Task WithholdAsync(IQueryable<KeptAnswer> answers, CancellationToken cancel) =>
        answers.Where(a => a.Status > 0).ExecuteUpdateAsync(set => set.SetProperty(a => a.Status, Withheld).SetProperty(a => a.Body, Array.Empty<byte>()), cancel);

    public static Statement Keep(IdempotentRequest request, WriteAnswer answer) => new(
        """
        UPDATE kept_answers SET status = @status, etag = @etag, location = @location, type = @type, resource_id = @id, body = @body
        WHERE caller = @caller AND idempotency_key = @key
        """,
        ("status", answer.Status), ("etag", answer.ETag), ("location", answer.Location), ("type", answer.Resource?.Type.Name()), ("id", answer.Resource?.Id),
        ("body", Revisions.Pack(answer.Body)), ("caller", request.Caller), ("key", request.Key));
}

/// <summary>A POST that is to happen once, however often it is sent.</summary>
/// <param name="Caller">Keys of different callers have nothing to do with each other.</param>
/// <param name="Key">As the client made it.</param>
/// <param name="Hash">SHA-256 of method, address and body.</param>
internal sealed record IdempotentRequest(string Caller, string Key, string Hash);

/// <summary>What was answered under an <c>Idempotency-Key</c>.</summary>
internal sealed class KeptAnswer
{
    public required string Caller { get; init; }
    public required string IdempotencyKey { get; init; }
    public required string RequestHash { get; init; }

    /// <summary>In milliseconds since 1970.</summary>
    public required long KeptAt { get; init; }

    /// <summary>0 while the write is under way, which nobody but its own transaction sees; less than 0 where it is not told again.</summary>
    public required int Status { get; init; }
    public string? Etag { get; init; }
    public string? Location { get; init; }
    public string? Type { get; init; }
    public string? ResourceId { get; init; }

    /// <summary>Packed as revisions are.</summary>
    public required byte[] Body { get; init; }
}
