using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>Room that was made for a new object.</summary>
/// <param name="Removed">The objects whose rows were removed.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="IsMoreNeeded">Whether more of them have to be removed.</param>
internal sealed record ObjectRoom(IReadOnlyList<Digest> Removed, long Bytes, bool IsMoreNeeded)
{
    /// <summary>Nothing has to be removed.</summary>
    public static readonly ObjectRoom Enough = new([], 0, false);
}
