using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>A relocation that was made: a pure function of the two digests, so its address is made of them.</summary>
/// <param name="Object">Digest of the object as it came.</param>
/// <param name="Kernel">The kernel it is for.</param>
/// <param name="Patched">The object to load.</param>
/// <param name="PatchedDigest">Its digest.</param>
/// <param name="Report">What was done.</param>
internal sealed record MadeRelocation(Digest Object, Kernel Kernel, ReadOnlyMemory<byte> Patched, Digest PatchedDigest, RelocationReport Report)
{
    /// <summary>Address of the report; null where a type of a module was needed, which the two digests do not name.</summary>
    public string? ReportUrl => Report.Modules.Count > 0 ? null : $"/v1/relocations/{Object.Hex}/{Kernel.Btf.Hex}";

    /// <summary>About how many bytes of memory it holds.</summary>
    public long HeldBytes => Patched.Length + Report.HeldBytes;

    /// <summary>The kernel as the report shows it: of its modules, which may be thousands, those whose types the object uses.</summary>
    public Kernel ReportedKernel => Kernel with { Modules = [.. Kernel.Modules.Where(Report.Modules.Contains)] };

    /// <summary>Address of the patched object; null as <see cref="ReportUrl"/> is.</summary>
    public string? PatchedUrl => ReportUrl is { } report ? $"{report}/object" : null;

    /// <summary>The kernel as its digest alone names it: what modules are known of it may change, its BTF does not.</summary>
    public static Kernel WithoutModules(Kernel kernel) => kernel with { ModuleBtf = [] };
}
