using System.Text.Json.Serialization;
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
/// <param name="Kernel">The kernel; null for a search in the whole archive.</param>
/// <param name="Items">The hits.</param>
/// <param name="Next">For <c>after</c>; null at the end.</param>
internal sealed record TypeHitPage(Kernel? Kernel, IReadOnlyList<FoundName> Items, string? Next);

/// <summary>Something whose name contains the text.</summary>
/// <param name="Kind">
/// <c>struct</c>, <c>union</c>, <c>enum</c>, <c>typedef</c>, <c>int</c>, <c>float</c>, <c>func</c>, <c>var</c>, <c>field</c> or
/// <c>enumerator</c>; in the whole archive, <c>symbol</c> is a function or variable.
/// </param>
/// <param name="Name">Its name.</param>
/// <param name="In">The type of a field or enumerator: <c>struct task_struct</c>; null for the others.</param>
/// <param name="Declaration">Its C declaration; null for a type or enumerator, and in the whole archive.</param>
/// <param name="Kernels">In the whole archive: the number of kernels that have it.</param>
internal sealed record FoundName(
    string Kind, string Name, string? In, string? Declaration,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Kernels = null);
