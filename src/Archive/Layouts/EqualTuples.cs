using System.Runtime.InteropServices;

namespace Relo.Archive.Layouts;

/// <summary>Compares tuples by their numbers.</summary>
internal sealed class EqualTuples : IEqualityComparer<int[]>
{
    public static EqualTuples Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes<int>(obj));
        return hash.ToHashCode();
    }
}
