using Relo.Core.Btf;

namespace Relo.Core.Access;

/// <summary>The access string of a record, <c>0:1:2</c>: one index per step.</summary>
internal static class AccessString
{
    /// <summary>
    /// Reads <paramref name="text"/> as libbpf's loop of <c>sscanf("%d")</c> does: an optional colon, white space, a sign, digits.
    /// </summary>
    /// <returns>0, or <see cref="Errno.EInval"/> / <see cref="Errno.E2Big"/> (over 64 steps).</returns>
    public static int Parse(ReadOnlySpan<byte> text, out int[] steps)
    {
        steps = [];
        if (text.IsEmpty || text[0] == ':') return Errno.EInval;
        Span<int> found = stackalloc int[AccessSpec.MaxLength];
        var count = 0;
        while (!text.IsEmpty)
        {
            if (text[0] == ':') text = text[1..];
            if (!TryScan(ref text, out var step)) return Errno.EInval;
            if (count == AccessSpec.MaxLength) return Errno.E2Big;
            // libbpf has refused negative steps since 5ca5801a (2026); earlier versions read before the first member.
            if (step < 0) return Errno.EInval;
            found[count++] = step;
        }
        steps = found[..count].ToArray();
        return 0;
    }

    private static bool TryScan(ref ReadOnlySpan<byte> text, out int value)
    {
        var at = 0;
        while (at < text.Length && (text[at] == ' ' || text[at] is >= 9 and <= 13)) at++;
        var negative = at < text.Length && text[at] == '-';
        if (negative || (at < text.Length && text[at] == '+')) at++;
        var digits = at;
        long number = 0;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
        {
            var digit = text[at] - '0';
            // strtol saturates, and the C library then keeps the lower 32 bits.
            number = number > (long.MaxValue - digit) / 10 ? long.MaxValue : (number * 10) + digit;
        }
        value = unchecked((int)(negative ? -number : number));
        var any = at > digits;
        text = text[at..];
        return any;
    }
}
