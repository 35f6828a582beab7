namespace Relo.Archive.Layouts;

/// <summary>
/// Ascending numbers as ranges: for each the gap before it and its length less one, each in 7-bit groups. Kernels share most of their
/// layouts, whose numbers follow each other.
/// </summary>
internal static class Ranges
{
    private const int Bits = 7;
    private const byte More = 1 << Bits;

    /// <summary>The bytes of ascending numbers.</summary>
    public static byte[] Write(ReadOnlySpan<int> numbers)
    {
        var bytes = new MemoryStream();
        for (int i = 0, next = 0, end; i < numbers.Length; i = end)
        {
            for (end = i + 1; end < numbers.Length && numbers[end] == numbers[end - 1] + 1;) end++;
            Add(bytes, numbers[i] - next);
            Add(bytes, end - i - 1);
            next = numbers[end - 1] + 1;
        }

        return bytes.ToArray();
    }

    /// <summary>The numbers.</summary>
    public static List<int> Read(ReadOnlySpan<byte> ranges)
    {
        var numbers = new List<int>();
        for (var next = 0; TryNext(ref ranges, ref next, out var start);)
            for (var number = start; number < next; number++) numbers.Add(number);
        return numbers;
    }

    /// <summary>Checks that the bytes are ranges.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static void Check(ReadOnlySpan<byte> ranges)
    {
        for (var next = 0; TryNext(ref ranges, ref next, out _);) { }
    }

    /// <summary>Reads one range: from <paramref name="start"/> to before <paramref name="next"/>, at first 0.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The bytes are not ranges.</exception>
    public static bool TryNext(ref ReadOnlySpan<byte> ranges, ref int next, out int start)
    {
        start = next;
        if (ranges.IsEmpty) return false;
        var first = (long)next + Take(ref ranges);
        var end = first + Take(ref ranges) + 1;
        if (end > int.MaxValue) throw new InvalidDataException("a range of layouts ends beyond the last number");
        (start, next) = ((int)first, (int)end);
        return true;
    }

    private static void Add(MemoryStream bytes, int value)
    {
        for (; value >= More; value >>= Bits) bytes.WriteByte((byte)(value | More));
        bytes.WriteByte((byte)value);
    }

    private static uint Take(ref ReadOnlySpan<byte> ranges)
    {
        var (value, at, shift) = (0u, 0, 0);
        do
        {
            if (at == ranges.Length || shift > 28) throw new InvalidDataException("a range of layouts is cut off");
            value |= (uint)(ranges[at] & ~More) << shift;
            shift += Bits;
        }
        while ((ranges[at++] & More) != 0);
        ranges = ranges[at..];
        return value;
    }
}
