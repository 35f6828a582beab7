using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The permanent addresses of a relocation, made of the digests of the object and of the kernel's BTF.</summary>
/// <param name="Report">Address of the report.</param>
internal sealed record RelocationAddresses(string Report)
{
    /// <summary>Address of the patched object.</summary>
    public string Patched { get; } = $"{Report}/object";

    /// <summary>The <c>Link</c> field of a response with the patched object.</summary>
    public string Links { get; } = $"<{Report}/object>; rel=\"canonical\", <{Report}>; rel=\"describedby\"";

    /// <summary>Null if the relocation depends on a module's type, which the two digests do not identify.</summary>
    public static RelocationAddresses? Of(RelocationKey key, RelocationReport report) =>
        report.Modules.Count > 0 ? null : new($"/v1/relocations/{key.Object.Hex}/{key.Btf.Hex}");
}
