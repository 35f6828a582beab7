using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Archive.Kernels;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Trust;

/// <summary>What a statement says.</summary>
/// <param name="Patched">The relocated object.</param>
/// <param name="Dependencies">What it was made from: the object, then the BTF of each kernel and of the modules it uses.</param>
/// <param name="Kernels">The kernels it is for; several if their relocation is the same.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Summary">The counts of the report; null for several kernels.</param>
internal sealed record StatementFacts(
    StatementFile Patched, IReadOnlyList<StatementFile> Dependencies, IReadOnlyList<string> Kernels, Verdict Verdict,
    RelocationSummary? Summary)
{
    /// <summary>The facts of a relocation.</summary>
    /// <param name="made">The relocation.</param>
    /// <param name="name">File name of the object, if it has one.</param>
    public static StatementFacts Of(CompletedRelocation made, string? name) => new(
        new(ObjectName.FileName(name, made.Object), made.PatchedDigest, made.PatchedBytes.Length),
        [new("object", made.Object, made.Report.Object.SizeBytes), .. BtfOf(made)],
        [made.Kernel.Id], made.Report.Verdict, made.Report.Summary);

    /// <summary>The BTF that a relocation read: the kernel's, and that of the modules whose types the object uses.</summary>
    public static IReadOnlyList<StatementFile> BtfOf(CompletedRelocation made) => BtfOf(made.Kernel, made.Report.Modules);

    /// <summary>The same, for a kernel and the names of these modules.</summary>
    public static IReadOnlyList<StatementFile> BtfOf(Kernel kernel, IReadOnlySet<string> modules) =>
    [
        new("btf", kernel.Btf, kernel.BtfSizeBytes),
        .. kernel.ModuleBtf.Where(module => modules.Contains(module.Name))
            .Select(module => new StatementFile($"btf/{module.Name}", module.Btf, module.BtfSizeBytes)),
    ];
}
