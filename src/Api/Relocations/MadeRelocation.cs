using Relo.Archive;
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
    /// <summary>Address of the report.</summary>
    public string ReportUrl => $"/v1/relocations/{Object.Hex}/{Kernel.Btf.Hex}";

    /// <summary>Address of the patched object.</summary>
    public string PatchedUrl => $"{ReportUrl}/object";
}
