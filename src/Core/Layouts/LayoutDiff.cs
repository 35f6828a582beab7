namespace Relo.Core.Layouts;

/// <summary>
/// Compares a type of two kernels, with the structs that it embeds. A member is the same if its path is; that a struct it is embedded in
/// has moved is reported once, for the struct.
/// </summary>
public sealed class LayoutDiff
{
    // Above this number of pairs, renames are not guessed: each removed member is compared with each added one.
    private const int NearBytes = 64, MaxPairs = 250_000, MaxDepth = 32;

    private readonly List<LayoutChange> _changes = [];
    private readonly HashSet<(TypeSnapshot, TypeSnapshot)> _compared = [];
    private readonly ChangeLimit _limit;
    private readonly CancellationToken _cancellation;

    private LayoutDiff(ChangeLimit limit, CancellationToken cancellation) => (_limit, _cancellation) = (limit, cancellation);

    /// <summary>The changes, in the order of the second layout; what was removed comes last in its struct.</summary>
    /// <param name="from">The first layout.</param>
    /// <param name="to">The second layout.</param>
    /// <param name="limit">The limit of the answer that the changes are for.</param>
    /// <param name="cancellation">Cancels the comparison.</param>
    /// <exception cref="LayoutTooLargeException">There are too many changes.</exception>
    public static IReadOnlyList<LayoutChange> Of(
        TypeSnapshot from, TypeSnapshot to, ChangeLimit limit, CancellationToken cancellation)
    {
        var diff = new LayoutDiff(limit, cancellation);
        if (from.Layout.Enumerators is { } before && to.Layout.Enumerators is { } after) diff.Enum(before, after);
        else diff.Composite(from, to, "", null, 0);
        if (from.Members.Count + to.Members.Count == 0) diff.Whole(from.Layout, to.Layout);
        return diff._changes;
    }

    // Of a type without members: a function, a typedef of a number.
    private void Whole(TypeLayout before, TypeLayout after)
    {
        var change = before.Declaration != after.Declaration ? "retyped" : before.SizeBytes != after.SizeBytes ? "resized" : null;
        if (change is not null) Add(new(after.Name, change, null, Placed(before), Placed(after)));
    }

    private static PlacedMember Placed(TypeLayout layout) => new(layout.Name, layout.Declaration, null, layout.SizeBytes);

    // A struct that is embedded several times is compared once: its changes are the same each time.
    private void Composite(TypeSnapshot before, TypeSnapshot after, string path, string? within, int depth)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (depth > MaxDepth || !_compared.Add((before, after))) return;
        var known = new Dictionary<string, SnapshotMember>(StringComparer.Ordinal);
        foreach (var member in before.Members) known.TryAdd(member.Placed.Name, member);
        var added = new List<PlacedMember>();
        foreach (var member in after.Members)
        {
            if (!known.Remove(member.Placed.Name, out var earlier)) added.Add(member.Placed);
            else Member(earlier, member, path, within, depth);
        }

        Unmatched([.. known.Values.Select(member => member.Placed)], added, path, within);
    }

    private void Member(SnapshotMember earlier, SnapshotMember member, string path, string? within, int depth)
    {
        var (from, to) = (earlier.Placed, member.Placed);
        var hasMoved = (from.OffsetBytes, from.BitOffset) != (to.OffsetBytes, to.BitOffset);
        var isResized = (from.SizeBytes, from.BitSize) != (to.SizeBytes, to.BitSize);
        var change = (hasMoved, isResized) switch
        {
            (true, true) => "moved-and-resized",
            (true, false) => "moved",
            (false, true) => "resized",
            _ => from.Type == to.Type ? null : "retyped",
        };
        if (change is not null) Add(new(path + to.Name, change, within, from, to));
        if (earlier.Embedded is { } before && member.Embedded is { } after)
            Composite(before, after, $"{path}{to.Name}.", after.Declaration, depth + 1);
    }

    private void Unmatched(List<PlacedMember> removed, List<PlacedMember> added, string path, string? within)
    {
        var renamed = (long)removed.Count * added.Count <= MaxPairs ? Renamed(removed, added) : [];
        foreach (var member in added)
            Add(renamed.TryGetValue(member, out var earlier)
                ? new(path + member.Name, "renamed", within, earlier, member)
                : new(path + member.Name, "added", within, null, member));
        foreach (var member in removed.Except(renamed.Values)) Add(new(path + member.Name, "removed", within, member, null));
    }

    private void Add(LayoutChange change)
    {
        _limit.Count(change);
        _changes.Add(change);
    }

    // A guess: a member that only changed its underscores (state → __state), or else one of the same type nearby. Of several, none.
    private static Dictionary<PlacedMember, PlacedMember> Renamed(List<PlacedMember> removed, List<PlacedMember> added)
    {
        var pairs = new Dictionary<PlacedMember, PlacedMember>();
        foreach (var areAlike in (Func<PlacedMember, PlacedMember, bool>[])[HaveOneName, AreAlike])
        {
            var (olds, news) = (removed.Except(pairs.Values).ToList(), added.Except(pairs.Keys).ToList());
            foreach (var member in news)
                if (olds.Where(other => areAlike(other, member)).Take(2).ToList() is [var only]
                    && news.Count(other => areAlike(only, other)) == 1)
                    pairs.TryAdd(member, only);
        }

        return pairs;
    }

    private static bool HaveOneName(PlacedMember one, PlacedMember other) => one.Name.Trim('_') == other.Name.Trim('_');

    private static bool AreAlike(PlacedMember one, PlacedMember other) =>
        one.Type == other.Type && one.SizeBytes == other.SizeBytes && one.BitSize == other.BitSize
        && Math.Abs(one.OffsetBytes!.Value - other.OffsetBytes!.Value) <= NearBytes;

    private void Enum(IReadOnlyList<EnumeratorValue> before, IReadOnlyList<EnumeratorValue> after)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var enumerator in before) known.TryAdd(enumerator.Name, enumerator.Value);
        foreach (var enumerator in after)
        {
            var isKnown = known.Remove(enumerator.Name, out var value);
            if (isKnown && value == enumerator.Value) continue;
            Add(new(
                enumerator.Name, isKnown ? "value" : "added", null, isKnown ? Placed(enumerator.Name, value!) : null,
                Placed(enumerator.Name, enumerator.Value)));
        }

        foreach (var (name, value) in known) Add(new(name, "removed", null, Placed(name, value), null));
    }

    private static PlacedMember Placed(string name, string value) => new(name, null, null, null, Value: value);
}
