using System.Collections;

namespace Relo.Core.Report;

/// <summary>
/// A list whose items are printed when they are read and not stored: a report of any length needs the memory of one line.
/// </summary>
/// <param name="count">The number of items.</param>
/// <param name="print">Prints the item at an index.</param>
internal sealed class PrintedList<T>(int count, Func<int, T> print) : IReadOnlyList<T>
{
    public int Count => count;

    public T this[int index] =>
        (uint)index < (uint)count ? print(index) : throw new ArgumentOutOfRangeException(nameof(index), index, null);

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < count; i++) yield return print(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
