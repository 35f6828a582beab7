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
    public static byte[] Read(ReadOnlySpan<byte> form) => new StableFormReader().Read(form).ToArray();

    private static byte[]? WriteUnchecked(ReadOnlySpan<byte> btf)
    {
        var header = BtfHeader.Read(btf, MalformedObjectException.InvalidBtf, ".BTF");
        var (typesEnd, stringsEnd) = (header.TypesStart + header.TypesLength, header.StringsStart + header.StringsLength);
        if (header.StringsStart < typesEnd || header.TypesLength % sizeof(uint) != 0) return null;
        var words = Words(btf[header.TypesStart..typesEnd], header.IsBigEndian);
        var strings = btf[header.StringsStart..stringsEnd];
        var choices = new ChoiceWriter();
        var names = new StableNames();
        names.Fill(strings);
        new StableTypes().Encode(words, names, choices);

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
