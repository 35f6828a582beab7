using System.Buffers.Binary;
using System.Numerics;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>The checksum of LZ4 frames (xxHash, XXH32 with seed 0), computed incrementally.</summary>
internal sealed class Xxh32
{
    private const uint P1 = 2654435761, P2 = 2246822519, P3 = 3266489917, P4 = 668265263, P5 = 374761393;
    private const int StripeBytes = 16;

    private readonly byte[] _waiting = new byte[StripeBytes];
    private readonly uint[] _lanes = [unchecked(P1 + P2), P2, 0, unchecked(0 - P1)];
    private int _waits;
    private ulong _total;

    public uint Value
    {
        get
        {
            var hash = _total >= StripeBytes
                ? BitOperations.RotateLeft(_lanes[0], 1) + BitOperations.RotateLeft(_lanes[1], 7)
                    + BitOperations.RotateLeft(_lanes[2], 12) + BitOperations.RotateLeft(_lanes[3], 18)
                : P5;
            hash += (uint)_total;
            var rest = _waiting.AsSpan(0, _waits);
            for (; rest.Length >= 4; rest = rest[4..])
                hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(rest) * P3), 17) * P4;
            foreach (var b in rest) hash = BitOperations.RotateLeft(hash + (b * P5), 11) * P1;
            hash = (hash ^ (hash >> 15)) * P2;
            hash = (hash ^ (hash >> 13)) * P3;
            return hash ^ (hash >> 16);
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _total += (ulong)bytes.Length;
        if (_waits > 0)
        {
            var taken = Math.Min(StripeBytes - _waits, bytes.Length);
            bytes[..taken].CopyTo(_waiting.AsSpan(_waits));
            _waits += taken;
            bytes = bytes[taken..];
            if (_waits < StripeBytes) return;
            Stripe(_waiting);
            _waits = 0;
        }

        for (; bytes.Length >= StripeBytes; bytes = bytes[StripeBytes..]) Stripe(bytes);
        bytes.CopyTo(_waiting);
        _waits = bytes.Length;
    }

    private void Stripe(ReadOnlySpan<byte> stripe)
    {
        for (var lane = 0; lane < 4; lane++)
        {
            var input = BinaryPrimitives.ReadUInt32LittleEndian(stripe[(lane * 4)..]);
            _lanes[lane] = BitOperations.RotateLeft(_lanes[lane] + (input * P2), 13) * P1;
        }
    }
}
