using Relo.Archive.Kernels;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>A type of a kernel.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Module">The module that has it; null for the kernel itself.</param>
/// <param name="Type">Its layout.</param>
/// <param name="Others">Other kinds of types with this name; <c>kind</c> selects them.</param>
internal sealed record TypeDocument(Kernel Kernel, string? Module, TypeLayout Type, IReadOnlyList<string> Others)
{
    /// <summary>C with offsets, after a line that names the kernel.</summary>
    public string ToText() => $"/* {Kernel.Id}{(Module is null ? "" : $", module {Module}")} */\n{LayoutText.Of(Type)}";
}

/// <summary>What differs about a type of two kernels.</summary>
/// <param name="Name">Its name, with its kind.</param>
/// <param name="From">The first kernel.</param>
/// <param name="To">The second kernel.</param>
/// <param name="FromSizeBytes">Its size on the first.</param>
/// <param name="ToSizeBytes">Its size on the second.</param>
/// <param name="Changes">None if all offsets, sizes, types and values are equal, in embedded structs too.</param>
internal sealed record TypeDiffDocument(
    string Name, Kernel From, Kernel To, long? FromSizeBytes, long? ToSizeBytes, IReadOnlyList<LayoutChange> Changes);

/// <summary>A page of hits of a search.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Items">The hits.</param>
/// <param name="Next">For <c>after</c>; null at the end.</param>
internal sealed record TypeHitPage(Kernel Kernel, IReadOnlyList<TypeHit> Items, string? Next);
