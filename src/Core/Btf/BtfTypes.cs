namespace Relo.Core.Btf;

/// <summary>Opened BTF: raw bytes, where each type begins, and an index of names. Immutable; shared by any number of threads.</summary>
public sealed class BtfTypes
{
    /// <summary>How many type ids there are, void (0) included and, for split BTF, those of the base.</summary>
    public int Count { get; }

    /// <summary>Whether the BTF is of a big-endian kernel.</summary>
    public bool IsBigEndian { get; }
}
