using Relo.Core;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>Estimates the memory of a result, well enough to keep a cache within its limit.</summary>
internal static class ResultSize
{
    private const int Overhead = 64; // of a record or a string: header, length, the reference to it

    /// <summary>Bytes of a relocation.</summary>
    public static long Of(ReadOnlyMemory<byte> patched, RelocationReport report, RelocationAddresses? addresses)
        => Overhead + patched.Length + report.HeldBytes + Of(addresses?.Report) + Of(addresses?.Patched) + Of(addresses?.Links);

    /// <summary>Bytes of a failed relocation.</summary>
    public static long Of(RelocationFailed failed) =>
        Overhead + Of(failed.Message) + Of(failed.Local) + Of(failed.Hint) + Of(failed.Source?.Text);

    /// <summary>Bytes of a field change.</summary>
    public static long Of(FieldChange change) =>
        (4 * Overhead) + Of(change.Type) + Of(change.Field) + Of(change.TargetType) + (4L * change.Uses.Count);

    /// <summary>Bytes of a text.</summary>
    public static long Of(string? text) => text is null ? 0 : Overhead + (2L * text.Length);
}
