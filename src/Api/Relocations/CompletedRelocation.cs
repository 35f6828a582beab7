using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>A completed relocation: a pure function of the two digests, so its address consists of them.</summary>
/// <param name="Object">Digest of the original object.</param>
/// <param name="Kernel">The kernel it is for.</param>
/// <param name="PatchedBytes">The object to load.</param>
/// <param name="PatchedDigest">Its digest.</param>
/// <param name="Report">The report.</param>
/// <param name="Addresses">Its addresses; null if it depends on a module's type, which the two digests do not identify.</param>
internal sealed record CompletedRelocation(
    Digest Object, Kernel Kernel, ReadOnlyMemory<byte> PatchedBytes, Digest PatchedDigest, RelocationReport Report,
    RelocationAddresses? Addresses)
{
    /// <summary>The estimated memory it holds, in bytes.</summary>
    public long HeldBytes => PatchedBytes.Length + Report.HeldBytes;

    /// <summary>The kernel in the report: of its modules, of which it may have thousands, only those whose types the object uses.</summary>
    public Kernel ReportedKernel => Kernel with { Modules = [.. Kernel.Modules.Where(Report.Modules.Contains)] };

    /// <summary>The report for people.</summary>
    /// <param name="name">Name of the object, if it has one.</param>
    public ReadableReport ToSheet(string? name) => RelocationSheet.Of(Report, name, Kernel.Id, PatchedDigest.ToString());

    /// <summary>The kernel without its modules: its digest fixes its BTF, but the set of known modules may change.</summary>
    public static Kernel WithoutModules(Kernel kernel) => kernel with { ModuleBtf = [], InlineBtf = [] };
}
