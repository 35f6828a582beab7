using Relo.Core.Fingerprints;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>A type over many kernels.</summary>
/// <param name="Name">Its name, with its kind.</param>
/// <param name="Kernels">The number of kernels that match.</param>
/// <param name="Present">The number of them that have the type.</param>
/// <param name="Unread">The number of them whose layouts are not read yet, because they were just added; they are in no item.</param>
/// <param name="Layouts">The number of different layouts.</param>
/// <param name="Items">Consecutive kernels with the same layout, line by line.</param>
/// <param name="Next">For <c>after</c>; null at the end.</param>
internal sealed record TypeHistoryDocument(
    string Name, int Kernels, int Present, int Unread, int Layouts, IReadOnlyList<TypeSpan> Items, string? Next);

/// <summary>Consecutive kernels of one distribution, architecture and flavour that have the same layout.</summary>
/// <param name="Distro">The distribution.</param>
/// <param name="Arch">The architecture.</param>
/// <param name="Flavour">The flavour of the kernels, such as <c>cloud</c>; may be empty.</param>
/// <param name="From">The oldest kernel.</param>
/// <param name="To">The newest kernel.</param>
/// <param name="Kernels">Their number.</param>
/// <param name="Layout">Equal for equal layouts, also of other lines; null if these kernels lack the type.</param>
/// <param name="SizeBytes">The size of the type; null for a function, or if they lack it.</param>
/// <param name="Changes">What changed from the item before in this line; null for its first.</param>
internal sealed record TypeSpan(
    string Distro, string Arch, string Flavour, string From, string To, int Kernels, string? Layout, long? SizeBytes,
    IReadOnlyList<LayoutChange>? Changes)
{
    /// <summary>A span, its layout, and what changed from the one before.</summary>
    public static TypeSpan Of(LayoutSpan span, TypeSnapshot? layout, IReadOnlyList<LayoutChange>? changes) => new(
        span.Line.Distro, span.Line.Arch, span.Line.Flavour, span.Kernels[0].Id, span.Kernels[^1].Id, span.Kernels.Count,
        span.Layout is { } fingerprint ? Hex(fingerprint) : null, layout?.Layout.SizeBytes, changes);

    private static string Hex(Fingerprint fingerprint) => FormattableString.Invariant($"{fingerprint.Value:x16}");
}
