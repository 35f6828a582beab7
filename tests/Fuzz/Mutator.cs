using System.Buffers.Binary;

namespace Relo.Fuzz;

/// <summary>Creates new inputs from old ones, always the same from the same seed.</summary>
internal sealed class Mutator(Harness harness, Random random)
{
    private const int LongestPart = 1 << 10;

    private static readonly long[] Edges =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 24, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536,
        0xffffff, 0x1000000,
        int.MaxValue, 0x80000000, 0xfffffff8, uint.MaxValue, long.MaxValue, -1, -2, -8, long.MinValue,
    ];

    private byte[] _bytes = new byte[harness.MaxBytes + LongestPart];
    private int _length;

    /// <summary>One to sixteen changes of <paramref name="input"/>, some with parts of <paramref name="other"/>.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _length = 0;
        Insert(0, input);
        for (var times = 1 << random.Next(5); times > 0; times--) Change(other);
        var made = GC.AllocateUninitializedArray<byte>(Math.Min(_length, harness.MaxBytes));
        _bytes.AsSpan(0, made.Length).CopyTo(made);
        return made;
    }

    private void Change(ReadOnlySpan<byte> other)
    {
        if (_length == 0)
        {
            Insert(0, [(byte)random.Next(256)]);
            return;
        }
        var at = random.Next(_length);
        switch (random.Next(harness.Words.Count == 0 ? 12 : 14))
        {
            case 0:
                _bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                _bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                _bytes[at] = (byte)(_bytes[at] + random.Next(-16, 17));
                break;
            case 3 or 4 or 5:
                Number(at, size: 1 << random.Next(1, 4), Edges[random.Next(Edges.Length)]);
                break;
            case 6:
                Number(at, size: 4, random.Next(_length * 2)); // offsets and lengths that fit
                break;
            case 7:
                Remove(at, PartLength());
                break;
            case 8:
                InsertRun(at);
                break;
            case 9:
                Overwrite(at, Part(_bytes.AsSpan(0, _length)));
                break;
            case 10 when !other.IsEmpty:
                Overwrite(at, Part(other));
                break;
            case 11 when !other.IsEmpty:
                _length = at;
                Insert(at, other[Math.Min(at, other.Length)..]);
                break;
            case 12:
                Overwrite(at, harness.Words[random.Next(harness.Words.Count)]);
                break;
            case 13:
                Insert(at, harness.Words[random.Next(harness.Words.Count)]);
                break;
            default:
                InsertCopy(at);
                break;
        }
    }

    private void Number(int at, int size, long value)
    {
        if (random.Next(2) == 0) at &= -size;
        Span<byte> word = stackalloc byte[8];
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(word, value);
            Overwrite(at, word[^size..]);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(word, value);
            Overwrite(at, word[..size]);
        }
    }

    private void InsertRun(int at)
    {
        Span<byte> run = stackalloc byte[PartLength()];
        run.Fill((byte)random.Next(256));
        Insert(at, run);
    }

    private void InsertCopy(int at)
    {
        var part = Part(_bytes.AsSpan(0, _length));
        Span<byte> copy = stackalloc byte[part.Length];
        part.CopyTo(copy);
        Insert(at, copy);
    }

    // What is beyond the longest input is cut at the end, so room for it is all that is needed.
    private void Insert(int at, ReadOnlySpan<byte> with)
    {
        if (_bytes.Length - _length < with.Length) Array.Resize(ref _bytes, (_length + with.Length) * 2);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + with.Length));
        with.CopyTo(_bytes.AsSpan(at));
        _length += with.Length;
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _bytes.AsSpan(at + count, _length - at - count).CopyTo(_bytes.AsSpan(at));
        _length -= count;
    }

    private void Overwrite(int at, ReadOnlySpan<byte> with) => with[..Math.Min(with.Length, _length - at)].CopyTo(_bytes.AsSpan(at));

    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> of)
    {
        var at = random.Next(of.Length);
        return of.Slice(at, Math.Min(PartLength(), of.Length - at));
    }

    // Short ones mostly.
    private int PartLength() => 1 + random.Next(1 << random.Next(1, 11));
}
