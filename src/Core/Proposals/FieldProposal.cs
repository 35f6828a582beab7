namespace Relo.Core.Proposals;

/// <summary>
/// A guess at what a kernel has instead of a field or enumerator that it lacks. The layouts suggest it; only the kernel's source can prove
/// it.
/// </summary>
/// <param name="Kind">
/// <c>renamed</c>; <c>moved-into</c> a member of the same struct; <c>moved-to</c> a struct that it points to; <c>split</c> into several
/// members.
/// </param>
/// <param name="Path">The path from the struct that had it, as C would write it: <c>__state</c>, <c>q->disk</c>; or the enumerator.</param>
/// <param name="Type">Its type there, as C would write it; null for an enumerator.</param>
/// <param name="Evidence">What suggests it.</param>
public sealed record FieldProposal(string Kind, string Path, string? Type, string Evidence)
{
    /// <summary>The values of <see cref="Kind"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["renamed", "moved-into", "moved-to", "split"];

    /// <summary>How much suggests it; for comparison only.</summary>
    internal int Weight { get; init; }

    /// <summary>The name of what is missing.</summary>
    internal string Instead { get; init; } = "";

    /// <summary>The struct that it points to or contains, as C would write it, if the path has two steps.</summary>
    internal string? Through { get; init; }
}
