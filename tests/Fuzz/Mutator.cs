using System.Buffers.Binary;

namespace Relo.Fuzz;

/// <summary>Makes new inputs of old ones, always the same from the same seed.</summary>
internal sealed class Mutator(Harness harness, Random random)
{
    private static readonly long[] Telling =
        [0, 1, 2, 3, 4, 7, 8, 16, 24, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536, 0xffffff, 0x1000000, int.MaxValue, 0x80000000, 0xfffffff8, uint.MaxValue, long.MaxValue, -1, -2, -8, long.MinValue];

    /// <summary>One to sixteen changes of <paramref name="input"/>, some with parts of <paramref name="other"/>.</summary>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var times = 1 << random.Next(5); times > 0; times--) Change(bytes, other);
        if (bytes.Count > harness.MaxBytes) bytes.RemoveRange(harness.MaxBytes, bytes.Count - harness.MaxBytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }
        var at = random.Next(bytes.Count);
        switch (random.Next(harness.Words.Count == 0 ? 12 : 14))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = (byte)(bytes[at] + random.Next(-16, 17));
                break;
            case 3 or 4 or 5:
                Number(bytes, at, size: 1 << random.Next(1, 4), Telling[random.Next(Telling.Length)]);
                break;
            case 6:
                Number(bytes, at, size: 4, random.Next(bytes.Count * 2)); // offsets and lengths that fit
                break;
            case 7:
                bytes.RemoveRange(at, Math.Min(Length(), bytes.Count - at));
                break;
            case 8:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 0) is var none && random.Next(2) == 0 ? none : Repeated());
                break;
            case 9:
                Overwrite(bytes, at, Part([.. bytes]));
                break;
            case 10 when other.Length > 0:
                Overwrite(bytes, at, Part(other));
                break;
            case 11 when other.Length > 0:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                break;
            case 12:
                Overwrite(bytes, at, harness.Words[random.Next(harness.Words.Count)]);
                break;
            case 13:
                bytes.InsertRange(at, harness.Words[random.Next(harness.Words.Count)]);
                break;
            default:
                bytes.InsertRange(at, Part([.. bytes]));
                break;
        }
    }

    private void Number(List<byte> bytes, int at, int size, long value)
    {
        if (random.Next(2) == 0) at &= -size;
        Span<byte> word = stackalloc byte[8];
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(word, value);
            word = word[^size..];
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(word, value);
            word = word[..size];
        }
        Overwrite(bytes, at, word);
    }

    private static void Overwrite(List<byte> bytes, int at, ReadOnlySpan<byte> with)
    {
        for (var i = 0; i < with.Length && at + i < bytes.Count; i++) bytes[at + i] = with[i];
    }

    private ReadOnlySpan<byte> Part(byte[] of)
    {
        var at = random.Next(of.Length);
        return of.AsSpan(at, Math.Min(Length(), of.Length - at));
    }

    private byte[] Repeated()
    {
        var run = new byte[Length()];
        Array.Fill(run, (byte)random.Next(256));
        return run;
    }

    // Short ones mostly.
    private int Length() => 1 + random.Next(1 << random.Next(1, 11));
}
