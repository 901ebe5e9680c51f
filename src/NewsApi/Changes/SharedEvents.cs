using NewsApi.Access;
using NewsApi.Http;
using NewsApi.Publishing;

namespace NewsApi.Changes;

/// <summary>
/// What a commit brought, for all who waited for it: they stand at one place, and one of them reads. It is let go when the last of them has it, with
/// the next commit, and the oldest first where it comes to too much; whoever comes late reads once more.
/// </summary>
internal sealed class SharedEvents(KnownHeads heads)
{
    /// <summary>A reading that still goes on counts as well.</summary>
    public const int MostReadings = 32;

    /// <summary>A few of the largest pages.</summary>
    public const int MostBytes = 32 * 1_048_576;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, Place> _places = [];
    private readonly List<Reading> _readings = [];
    private long _bytes;

    /// <summary>How many readings are kept, and how many bytes.</summary>
    public (int Readings, long Bytes) Kept
    {
        get
        {
            lock (_gate) return (_readings.Count, _bytes);
        }
    }

    /// <summary>Somebody waits for what comes behind a place; they leave it by disposing of it.</summary>
    public Stand StandAt(ChangeCursor place, ChangeQuery query, Licence? licence)
    {
        // Whoever names all types asks for what others ask for who name none.
        var types = QueryValues.Split(query.Types).Order(StringComparer.Ordinal).ToList();
        var key = new Key(place, types.Count == ChangeQuery.AllTypes.Length ? "" : string.Join(',', types), query.IncludesResource, licence?.Fingerprint);
        lock (_gate)
        {
            if (!_places.TryGetValue(key, out var found)) _places[key] = found = new Place(key);
            found.Standing++;
            return new Stand(this, found);
        }
    }

    private Task<Outcome<FeedEvents>> ReadAsync(Place place, Func<Task<Outcome<FeedEvents>>> read)
    {
        // The commit that is next may come while this is read.
        var next = heads.NextMove();
        lock (_gate)
        {
            if (place.Reading is { } known) return known.Events;

            var reading = place.Reading = new Reading(place, Task.Run(read));
            _readings.Add(reading);
            KeepToBounds();

            // Nobody has to come by for it to go.
            reading.Events.ContinueWith(_ => Finish(reading), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            next.ContinueWith(_ => LetGo(reading), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return reading.Events;
        }
    }

    private void Finish(Reading reading)
    {
        lock (_gate)
        {
            if (reading.Place.Reading != reading) return;
            if (!reading.Events.IsCompletedSuccessfully || reading.Events.Result.Value is not { } events)
            {
                Remove(reading);
                return;
            }

            reading.Bytes = events.Bytes.Length;
            _bytes += reading.Bytes;
            KeepToBounds();
        }
    }

    private void LetGo(Reading reading)
    {
        lock (_gate)
        {
            if (reading.Place.Reading == reading) Remove(reading);
        }
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            if (--place.Standing > 0) return;

            if (place.Reading is { } reading) Remove(reading);
            _places.Remove(place.Key);
        }
    }

    private void KeepToBounds()
    {
        while (_readings.Count > MostReadings || _bytes > MostBytes) Remove(_readings[0]);
    }

    private void Remove(Reading reading)
    {
        reading.Place.Reading = null;
        _readings.Remove(reading);
        _bytes -= reading.Bytes;
    }

    /// <summary>Where somebody stands, until it is disposed of.</summary>
    internal sealed class Stand(SharedEvents shared, Place place) : IDisposable
    {
        /// <summary>What came behind the place: as somebody else who stands here has read it, or as it is read now.</summary>
        /// <param name="read">Reads it. Whoever is gone meanwhile leaves it to the others, so nobody stops it.</param>
        /// <param name="cancel">Ends the waiting for it.</param>
        public Task<Outcome<FeedEvents>> ReadAsync(Func<Task<Outcome<FeedEvents>>> read, CancellationToken cancel) =>
            shared.ReadAsync(place, read).WaitAsync(cancel);

        public void Dispose() => shared.Leave(place);
    }

    internal sealed record Key(ChangeCursor Cursor, string Types, bool IncludesResource, string? Licence);

    internal sealed class Place(Key key)
    {
        public Key Key => key;
        public int Standing { get; set; }
        public Reading? Reading { get; set; }
    }

    internal sealed class Reading(Place place, Task<Outcome<FeedEvents>> events)
    {
        public Place Place => place;
        public Task<Outcome<FeedEvents>> Events => events;
        public int Bytes { get; set; }
    }
}

/// <summary>A page as it is sent to listeners.</summary>
/// <param name="Bytes">Its events.</param>
/// <param name="Next">Where to go on.</param>
/// <param name="HasMore">Whether more waited when it was read.</param>
/// <param name="Head">The position of the newest entry then.</param>
internal sealed record FeedEvents(ReadOnlyMemory<byte> Bytes, ChangeCursor Next, bool HasMore, long Head);
