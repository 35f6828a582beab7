namespace Relo.Archive.Layouts;

/// <summary>Which layouts of some names each kernel has. Kernels with equal tuples have the same layouts of all of them.</summary>
/// <param name="OfSet">
/// The tuple of each set: for each name the number of its layout, or <see cref="SetSearch.None"/>. Equal tuples are one array.
/// </param>
/// <param name="SetOf">The set of each kernel, in the order asked; null for kernels that the index does not know.</param>
internal sealed record LayoutTuples(IReadOnlyDictionary<int, int[]> OfSet, IReadOnlyList<int?> SetOf)
{
    /// <summary>The tuple of the kernel at a place; null if the index does not know the kernel.</summary>
    public int[]? Of(int kernel) => SetOf[kernel] is { } set ? OfSet[set] : null;
}
