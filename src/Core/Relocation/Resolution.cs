using Relo.Core.Access;

namespace Relo.Core.Relocation;

/// <summary>
/// The local and target value of one access on a kernel, independent of the instruction and shared by all records of the same access and
/// kind (struct bpf_core_relo_res of libbpf).
/// </summary>
/// <param name="LocalValue">The value that the compiler wrote into the instruction.</param>
/// <param name="TargetValue">The value on this kernel.</param>
/// <param name="Poison">Whether the instruction must be poisoned: there is no target, and the kind has no value for that.</param>
/// <param name="Validate">Whether the instruction must hold <paramref name="LocalValue"/>.</param>
/// <param name="SizeMismatch">Whether a load or store of this field cannot be adjusted by changing its width.</param>
/// <param name="LocalSize">Bytes of the field in the object; 0 unless the kind is field-byte-offset.</param>
/// <param name="TargetSize">Bytes of the field in the kernel.</param>
/// <param name="Target">The access in the kernel's types, or null.</param>
/// <param name="Miss">The reason why there is none.</param>
/// <param name="Considered">The candidates, and whether each matched.</param>
public sealed record Resolution(
    ulong LocalValue,
    ulong TargetValue,
    bool Poison,
    bool Validate,
    bool SizeMismatch,
    uint LocalSize,
    uint TargetSize,
    AccessSpec? Target,
    Miss Miss,
    IReadOnlyList<(Candidate Candidate, bool Matched)> Considered)
{
    /// <summary>Stands for the missing resolution of a record in an optional program on which libbpf fails.</summary>
    internal static Resolution Refused { get; } = new(0, 0, true, false, false, 0, 0, null, Miss.Refused, []);

    /// <summary>The id of a local type, which does not depend on the kernel.</summary>
    internal static Resolution OfLocalId(AccessSpec local) =>
        new(local.RootTypeId, local.RootTypeId, false, false, false, 0, 0, local, Miss.None, []);
}
