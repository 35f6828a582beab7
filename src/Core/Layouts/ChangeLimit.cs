namespace Relo.Core.Layouts;

/// <summary>
/// Limits the changes of one answer, over all comparisons in it. In untrusted BTF, two layouts may have no member in common, and paths of
/// embedded structs may repeat long names.
/// </summary>
public sealed class ChangeLimit
{
    private const int MaxChanges = 100_000, MaxCharacters = 16 << 20; // about 40 MB as JSON

    private int _changes, _characters;

    /// <summary>Counts a change.</summary>
    /// <exception cref="LayoutTooLargeException">There are too many, or their text is too long.</exception>
    internal void Count(LayoutChange change)
    {
        if (++_changes > MaxChanges)
            throw new LayoutTooLargeException(FormattableString.Invariant($"the layouts have more than {MaxChanges} changes"));
        _characters += change.Path.Length + (change.Within?.Length ?? 0) + LengthOf(change.From) + LengthOf(change.To);
        if (_characters > MaxCharacters)
            throw new LayoutTooLargeException(
                FormattableString.Invariant($"the changes of the layouts have more than {MaxCharacters} characters"));
    }

    private static int LengthOf(PlacedMember? member) => member is null ? 0 : member.Name.Length + (member.Type?.Length ?? 0);
}
