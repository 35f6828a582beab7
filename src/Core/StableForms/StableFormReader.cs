using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>
/// Reads stable forms one after the other. The memory that it needs for a kernel, some megabytes, it uses again for the next: arrays of
/// that size are expensive to allocate and to collect.
/// </summary>
public sealed class StableFormReader
{
    private const string Section = "stable form";

    private readonly StableNames _names = new();
    private readonly StableTypes _types = new();
    private byte[] _btf = [];

    /// <summary>The memory of the longest BTF that it read.</summary>
    public int LongestBytes => _btf.Length;

    /// <summary>Returns the raw BTF. It stays until the next call.</summary>
    /// <param name="form">What <see cref="StableForm.Write"/> returned.</param>
    /// <exception cref="MalformedObjectException">The bytes are not a stable form (code <c>invalid-btf</c>).</exception>
    public ReadOnlyMemory<byte> Read(ReadOnlySpan<byte> form)
    {
        var at = new ByteCursor(form, bigEndian: false, MalformedObjectException.InvalidBtf, Section);
        Span<int> lengths = stackalloc int[6];
        foreach (ref var one in lengths) one = Length(ref at, form.Length);
        var before = at.Take(lengths[0]);
        var between = at.Take(lengths[1]);
        var after = at.Take(lengths[2]);
        var strings = at.Take(lengths[3]);
        var types = at.Take(lengths[4]);
        var choices = at.Take(lengths[5]);
        if (at.Remaining != 0) throw at.Fault($"{at.Remaining} bytes follow the last part");
        if (before is not [0xeb or 0x9f, ..]) throw at.Fault("the part before the types does not begin with the magic of BTF");
        if (types.Length % sizeof(uint) != 0) throw at.Fault($"the types take {types.Length} bytes, which is not a multiple of 4");

        var length = before.Length + types.Length + between.Length + strings.Length + after.Length;
        if (_btf.Length < length) _btf = GC.AllocateUninitializedArray<byte>(length);
        var rest = _btf.AsSpan(0, length);
        Put(before, ref rest);
        var words = MemoryMarshal.Cast<byte, uint>(rest[..types.Length]);
        Put(types, ref rest);
        Put(between, ref rest);
        Put(strings, ref rest);
        Put(after, ref rest);

        var isForeignOrder = (before[0] == 0xeb) == BitConverter.IsLittleEndian;
        if (isForeignOrder) BinaryPrimitives.ReverseEndianness(words, words);
        var chosen = new ChoiceReader(choices.ToArray());
        _names.Fill(strings);
        _types.Decode(words, _names, chosen);
        if (chosen.Remaining > 0) throw at.Fault($"{chosen.Remaining} bytes of choices are left");
        if (isForeignOrder) BinaryPrimitives.ReverseEndianness(words, words);
        return _btf.AsMemory(0, length);
    }

    private static int Length(ref ByteCursor at, int most) =>
        at.U32() is var length && length <= (uint)most ? (int)length : throw at.Fault($"a part has {length} bytes, the whole has {most}");

    private static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
