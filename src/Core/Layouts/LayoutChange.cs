namespace Relo.Core.Layouts;

/// <summary>What differs about one member or enumerator.</summary>
/// <param name="Path">Its path from the type: <c>sched_info.pcount</c>. Anonymous structs and unions do not appear in it, as in C.</param>
/// <param name="Change">
/// <c>added</c>, <c>removed</c>, <c>renamed</c> (same type and size at nearly the same offset, and no other such pair: a guess),
/// <c>moved</c>, <c>resized</c>, <c>moved-and-resized</c>, <c>retyped</c>, or <c>value</c> for an enumerator.
/// </param>
/// <param name="Within">The struct that an embedded member belongs to, and that its offsets count from; null for the type itself.</param>
/// <param name="From">As it was; null if it was added.</param>
/// <param name="To">As it is; null if it was removed.</param>
public sealed record LayoutChange(string Path, string Change, string? Within, PlacedMember? From, PlacedMember? To)
{
    /// <summary>The values of <see cref="Change"/>.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["added", "removed", "renamed", "moved", "resized", "moved-and-resized", "retyped", "value"];
}

/// <summary>A member and its place, or an enumerator and its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its C type; null for an enumerator.</param>
/// <param name="OffsetBytes">From the start of the struct that it belongs to; of a bit-field: of its unit.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="BitOffset">Of a bit-field, within its unit.</param>
/// <param name="BitSize">Of a bit-field.</param>
/// <param name="Value">Of an enumerator.</param>
public sealed record PlacedMember(
    string Name, string? Type, long? OffsetBytes, long? SizeBytes, int? BitOffset = null, int? BitSize = null, string? Value = null);
