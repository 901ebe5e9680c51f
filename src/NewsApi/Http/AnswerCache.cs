using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Primitives;
using NewsApi.Access;
using NewsApi.Publishing;

namespace NewsApi.Http;

/// <summary>Settings of the memory cache, section <c>Cache</c>.</summary>
internal sealed class CacheOptions
{
    /// <summary>Megabytes of answers kept; 0 switches the cache off.</summary>
    public int Megabytes { get; init; } = 64;
}

/// <summary>
/// Answers to anonymous reads, by the address they were asked under. An answer dies with the first commit that touches what
/// it was made of: a document with its resource, everything else with any change. The stamp is taken before the database is
/// read, so an answer made of an old snapshot is born dead.
/// </summary>
internal sealed class AnswerCache : IDisposable
{
    private const int LongestTarget = 500;

    private readonly MemoryCache? _answers;

    // Resources share stamps by their hash: what is expired once too often costs one read, and nobody can make this grow.
    private readonly Stamp[] _stamps = [.. Enumerable.Range(0, 4_096).Select(_ => new Stamp())];
    private Stamp _everything = new();

    public AnswerCache(CacheOptions options, AccessOptions access)
    {
        if (options.Megabytes is < 0 or > 1_000_000) throw new SettingException("Cache:Megabytes", "must be 0 or more, and 1000000 at most");

        // It knows anonymous readers only, and runs ahead of the gate: where nobody reads without a key, it has nothing to say.
        if (options.Megabytes > 0 && access.AnonymousRead) _answers = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Megabytes * 1_048_576L });
    }

    /// <summary>The stamp of an answer made of many things.</summary>
    public Stamp Everything() => Volatile.Read(ref _everything);

    /// <summary>The stamp of an answer made of one document.</summary>
    public Stamp Of(ResourceKey key) => Volatile.Read(ref StampOf(key));

    public bool TryGet(HttpContext context, out Answer answer)
    {
        answer = null!;
        return _answers is not null
            && IsCacheable(context.Request)
            && _answers.TryGetValue(Target(context), out var found)
            && (answer = (Answer)found!) is not null;
    }

    public void Keep(HttpContext context, Answer answer, Stamp stamp)
    {
        if (_answers is null || !answer.IsPublic || !IsCacheable(context.Request) || Target(context).Length > LongestTarget) return;

        using var entry = _answers.CreateEntry(Target(context));
        entry.Value = answer;
        entry.Size = answer.Size;
        entry.AddExpirationToken(stamp);
    }

    /// <summary>Called after a commit and before it is acknowledged, with the public documents that it changed.</summary>
    public void Expire(IReadOnlyCollection<ResourceKey> touched)
    {
        if (touched.Count == 0) return;

        ExpireLists();
        foreach (var key in touched) Replace(ref StampOf(key));
    }

    /// <summary>Something changed that is in no document by itself.</summary>
    public void ExpireLists() => Replace(ref _everything);

    /// <summary>Anything may have changed.</summary>
    public void ExpireAll()
    {
        ExpireLists();
        for (var i = 0; i < _stamps.Length; i++) Replace(ref _stamps[i]);
    }

    public void Dispose() => _answers?.Dispose();

    private ref Stamp StampOf(ResourceKey key) => ref _stamps[(uint)key.GetHashCode() % _stamps.Length];

    private static void Replace(ref Stamp stamp) => Interlocked.Exchange(ref stamp, new Stamp()).Expire();

    private static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static bool IsCacheable(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !Credentials.AreSent(request) && Accepts.Json(request);

    /// <summary>Lives until something it stands for changes.</summary>
    internal sealed class Stamp : IChangeToken
    {
        private volatile bool _expired;

        public bool HasChanged => _expired;
        public bool ActiveChangeCallbacks => false;

        public void Expire() => _expired = true;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) => NotWatching.Instance;

        private sealed class NotWatching : IDisposable
        {
            public static readonly NotWatching Instance = new();

            public void Dispose()
            {
            }
        }
    }
}

/// <summary>Content negotiation: every answer is JSON.</summary>
internal static class Accepts
{
    public static bool Json(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0) return true;
        if (accept.Count == 1 && accept[0] is "*/*" or "application/json") return true;
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParseList(accept, out var types) || types.Count == 0) return true;

        // The most specific range decides (RFC 9110 §12.5.1): application/json;q=0, */* refuses JSON.
        return types.Where(t => t.MatchesMediaType("application/json"))
            .OrderBy(t => t.MatchesAllTypes ? 2 : t.MatchesAllSubTypes ? 1 : 0)
            .FirstOrDefault() is { } best && best.Quality is not 0;
    }
}
