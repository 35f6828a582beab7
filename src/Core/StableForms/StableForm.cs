using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>
/// BTF written so that neighbouring kernels share long runs of bytes. In raw BTF, one more type or string changes every id and every name
/// offset after it. Here a reference to a type is a hash of the content of that type, and a name is "the next string" or a hash of the
/// string, so only the changed types differ. A compressor that knows one kernel then stores its neighbour in a few percent.
/// <code>
/// lengths: before, between, after, strings, types, choices │ before │ between │ after │ strings │ types │ choices
/// </code>
/// <c>before</c>, <c>between</c> and <c>after</c> are the bytes of the file around types and strings (the header, padding). Types have the
/// words of raw BTF; only names and type ids are replaced. Where a hash fits several strings or types, <c>choices</c> has the number of the
/// right one. Reading returns the original bytes exactly.
/// </summary>
public static class StableForm
{
    private const int LengthsBytes = 6 * sizeof(uint);
    private const int LargestRatio = 3; // choices take at most five bytes for each word of four
    private const string Section = "stable form";

    /// <summary>The size that the stable form of BTF never exceeds.</summary>
    /// <param name="btfBytes">Size of the BTF.</param>
    public static long MostBytes(long btfBytes) => (LargestRatio * btfBytes) + LengthsBytes;

    /// <summary>Writes BTF in stable form.</summary>
    /// <param name="btf">Raw BTF of a kernel. Split BTF is not supported.</param>
    /// <returns>
    /// Null if the bytes cannot be written so that reading returns the same bytes: they are not valid BTF, use kinds that are unknown
    /// here, or names that begin inside a string.
    /// </returns>
    public static byte[]? Write(ReadOnlySpan<byte> btf)
    {
        try
        {
            var form = WriteUnchecked(btf);
            return form is not null && Read(form).AsSpan().SequenceEqual(btf) ? form : null;
        }
        catch (MalformedObjectException)
        {
            return null;
        }
    }

    /// <summary>Returns the raw BTF.</summary>
    /// <param name="form">What <see cref="Write"/> returned.</param>
    /// <exception cref="MalformedObjectException">The bytes are not a stable form (code <c>invalid-btf</c>).</exception>
    public static byte[] Read(ReadOnlySpan<byte> form)
    {
        var at = new ByteCursor(form, bigEndian: false, MalformedObjectException.InvalidBtf, Section);
        Span<int> lengths = stackalloc int[6];
        foreach (ref var length in lengths) length = Length(ref at, form.Length);
        var before = at.Take(lengths[0]);
        var between = at.Take(lengths[1]);
        var after = at.Take(lengths[2]);
        var strings = at.Take(lengths[3]);
        var types = at.Take(lengths[4]);
        var choices = at.Take(lengths[5]);
        if (at.Remaining != 0) throw at.Fault($"{at.Remaining} bytes follow the last part");
        if (before is not [0xeb or 0x9f, ..]) throw at.Fault("the part before the types does not begin with the magic of BTF");
        if (types.Length % sizeof(uint) != 0) throw at.Fault($"the types take {types.Length} bytes, which is not a multiple of 4");

        var btf = new byte[before.Length + types.Length + between.Length + strings.Length + after.Length];
        var rest = btf.AsSpan();
        Put(before, ref rest);
        var words = MemoryMarshal.Cast<byte, uint>(rest[..types.Length]);
        Put(types, ref rest);
        Put(between, ref rest);
        Put(strings, ref rest);
        Put(after, ref rest);

        var isForeignOrder = (before[0] == 0xeb) == BitConverter.IsLittleEndian;
        if (isForeignOrder) BinaryPrimitives.ReverseEndianness(words, words);
        var chosen = new ChoiceReader(choices.ToArray());
        StableTypes.Decode(words, new StableNames(strings), chosen);
        if (chosen.Remaining > 0) throw at.Fault($"{chosen.Remaining} bytes of choices are left");
        if (isForeignOrder) BinaryPrimitives.ReverseEndianness(words, words);
        return btf;
    }

    private static byte[]? WriteUnchecked(ReadOnlySpan<byte> btf)
    {
        var header = BtfHeader.Read(btf, MalformedObjectException.InvalidBtf, ".BTF");
        var (typesEnd, stringsEnd) = (header.TypesStart + header.TypesLength, header.StringsStart + header.StringsLength);
        if (header.StringsStart < typesEnd || header.TypesLength % sizeof(uint) != 0) return null;
        var words = Words(btf[header.TypesStart..typesEnd], header.IsBigEndian);
        var strings = btf[header.StringsStart..stringsEnd];
        var choices = new ChoiceWriter();
        StableTypes.Encode(words, new StableNames(strings), choices);

        var before = btf[..header.TypesStart];
        var between = btf[typesEnd..header.StringsStart];
        var after = btf[stringsEnd..];
        var form = new byte[LengthsBytes + btf.Length + choices.Bytes.Length];
        var rest = form.AsSpan();
        foreach (var length in (ReadOnlySpan<int>)[
            before.Length, between.Length, after.Length, strings.Length, header.TypesLength, choices.Bytes.Length])
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, length);
            rest = rest[sizeof(int)..];
        }

        Put(before, ref rest);
        Put(between, ref rest);
        Put(after, ref rest);
        Put(strings, ref rest);
        Put(words, header.IsBigEndian, ref rest);
        Put(choices.Bytes, ref rest);
        return form;
    }

    private static int Length(ref ByteCursor at, int most) =>
        at.U32() is var length && length <= (uint)most ? (int)length : throw at.Fault($"a part has {length} bytes, the whole has {most}");

    private static uint[] Words(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var words = MemoryMarshal.Cast<byte, uint>(bytes).ToArray();
        if (isBigEndian == BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);
        return words;
    }

    private static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void Put(ReadOnlySpan<uint> words, bool isBigEndian, ref Span<byte> rest)
    {
        var target = MemoryMarshal.Cast<byte, uint>(rest)[..words.Length];
        if (isBigEndian == BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, target);
        else words.CopyTo(target);
        rest = rest[(words.Length * sizeof(uint))..];
    }
}
