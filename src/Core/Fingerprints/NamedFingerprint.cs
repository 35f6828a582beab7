using Relo.Core.Btf;

namespace Relo.Core.Fingerprints;

/// <summary>The fingerprint of one name on one kernel.</summary>
/// <param name="Key"><see cref="LayoutName.Key"/>.</param>
/// <param name="Fingerprint">Of all types of the name, in order; of the function or variable.</param>
/// <param name="Kind">As in <see cref="LayoutName"/>.</param>
/// <param name="Types">The BTF that spells the name.</param>
/// <param name="NameOffset">The name there, perhaps with a flavour.</param>
public readonly record struct NamedFingerprint(ulong Key, Fingerprint Fingerprint, BtfKind Kind, BtfTypes? Types, uint NameOffset)
{
    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name => Types is null ? default
        : Kind == BtfKind.Func ? Types.Name(NameOffset) : EssentialName.Of(Types.Name(NameOffset));
}
