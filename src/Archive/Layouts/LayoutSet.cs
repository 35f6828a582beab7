namespace Relo.Archive.Layouts;

/// <summary>A set of layouts in memory.</summary>
/// <param name="Id">Its id.</param>
/// <param name="BaseId">The set it differs from; null if it has all numbers itself.</param>
/// <param name="Lacks">What it lacks of its base, as <see cref="Ranges"/>.</param>
/// <param name="Has">What it has besides, or all it has.</param>
internal sealed record LayoutSet(int Id, int? BaseId, ReadOnlyMemory<byte> Lacks, ReadOnlyMemory<byte> Has)
{
    // Enough for a range of four bytes for each layout of the largest kernel.
    private const int MaxBytes = 4 << 20;

    // Beyond this share of its numbers another base is better, and comparing stops.
    private const double MostChanged = 0.1;

    // Differences grow from release to release. Where one exceeds this part of the whole set, the set is stored whole.
    private const int MostOfWhole = 8;

    /// <summary>Reads a row.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static LayoutSet Read(int id, int? baseId, byte[] packed)
    {
        ReadOnlyMemory<byte> bytes = Packed.Read(packed, MaxBytes);
        if (bytes.Length < sizeof(int)) throw new InvalidDataException("a set of layouts is cut off");
        var lacks = BitConverter.ToInt32(bytes.Span);
        bytes = bytes[sizeof(int)..];
        if ((uint)lacks > bytes.Length) throw new InvalidDataException("a set of layouts is cut off");
        Ranges.Check(bytes.Span[..lacks]);
        Ranges.Check(bytes.Span[lacks..]);
        return new(id, baseId, bytes[..lacks], bytes[lacks..]);
    }

    /// <summary>The bytes of a row.</summary>
    public byte[] ToBytes() => Packed.Write([.. BitConverter.GetBytes(Lacks.Length), .. Lacks.Span, .. Has.Span]);

    /// <summary>A set that has all numbers itself.</summary>
    public static LayoutSet Whole(ReadOnlySpan<int> numbers) => new(0, null, default, Ranges.Write(numbers));

    /// <summary>The set as a difference; null if it differs too much.</summary>
    /// <param name="numbers">Its numbers, ascending.</param>
    /// <param name="from">The base.</param>
    public static LayoutSet? Difference(ReadOnlySpan<int> numbers, LayoutSet from)
    {
        List<int> lacks = [], has = [];
        var at = 0;
        var ranges = from.Has.Span;
        for (var next = 0; Ranges.TryNext(ref ranges, ref next, out var start);)
        {
            while (at < numbers.Length && numbers[at] < start) has.Add(numbers[at++]);
            for (var number = start; number < next; number++)
            {
                if (at < numbers.Length && numbers[at] == number) at++;
                else lacks.Add(number);
            }

            if (lacks.Count > numbers.Length * MostChanged) return null;
        }

        has.AddRange(numbers[at..]);
        return lacks.Count + has.Count > numbers.Length * MostChanged
            ? null
            : new(0, from.Id, Ranges.Write([.. lacks]), Ranges.Write([.. has]));
    }

    /// <summary>The set as the smallest difference from one of these, or as a whole.</summary>
    public static LayoutSet Smallest(int[] numbers, IEnumerable<LayoutSet> known)
    {
        var whole = Whole(numbers);
        var difference = known.Where(set => set.BaseId is null).Select(set => Difference(numbers, set)).OfType<LayoutSet>()
            .MinBy(set => set.Bytes);
        return difference is null || difference.Bytes * MostOfWhole > whole.Bytes ? whole : difference;
    }

    /// <summary>Its size in bytes, before compression.</summary>
    public int Bytes => Lacks.Length + Has.Length;
}
