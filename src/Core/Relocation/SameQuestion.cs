using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Local types of one essential name and kind have the same candidates. Names are compared in place, not copied: untrusted ones may be
/// long and many.
/// </summary>
internal sealed class SameQuestion(BtfTypes local) : IEqualityComparer<uint>
{
    public bool Equals(uint x, uint y) => x == y || (local[x].Kind == local[y].Kind && Name(x).SequenceEqual(Name(y)));

    // Seeded per process, so that an attacker cannot choose names that collide; NameIndex.Hash is not, because it is kept in files.
    public int GetHashCode(uint id)
    {
        var hash = new HashCode();
        hash.AddBytes(Name(id));
        return hash.ToHashCode();
    }

    private ReadOnlySpan<byte> Name(uint id) => EssentialName.Of(local.Name(local[id].NameOffset));
}
