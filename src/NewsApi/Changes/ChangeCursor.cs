namespace NewsApi.Changes;

/// <summary>
/// A place in the feed of one database: after the entry with this position. Not bound to a filter, because positions are
/// those of the whole feed. Opaque to clients, see <see cref="ChangeCursors"/>.
/// </summary>
/// <param name="Epoch">Sixteen hex digits that tell one history of positions from another.</param>
/// <param name="Position">0 stands before the first entry.</param>
/// <param name="Licence">The fingerprint of the licence under which the feed is followed; absent where everything is seen.</param>
/// <param name="Walk">
/// How often the feed had been cut when a walk from its beginning came by here; absent behind the part that is cut. Such a walk is told what is
/// left of that part, and has to begin anew where it is cut once more meanwhile.
/// </param>
internal readonly record struct ChangeCursor(string Epoch, long Position, string? Licence = null, int? Walk = null);

/// <summary>The feed as it stands: its history, how far it goes, and how much of it is kept.</summary>
/// <param name="Epoch">That of its cursors.</param>
/// <param name="Position">That of the newest entry.</param>
/// <param name="CutTo">Up to here only the newest entry of what is public is kept.</param>
/// <param name="Cuts">How often it has been cut.</param>
internal readonly record struct FeedHead(string Epoch, long Position, long CutTo, int Cuts)
{
    /// <summary>The place behind an entry, for whoever has come there from a place that was good.</summary>
    public ChangeCursor At(long position, string? licence) => new(Epoch, position, licence, position < CutTo ? Cuts : null);

    /// <summary>Whether whoever stands there is told of everything that happens behind it.</summary>
    public bool Reaches(ChangeCursor cursor) =>
        cursor.Epoch == Epoch && cursor.Position <= Position && (cursor.Position >= CutTo || cursor.Walk == Cuts);
}
