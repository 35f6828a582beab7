using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Relo.Core.Fingerprints;

/// <summary>
/// 64 bits of the SHA-256 of a layout. SHA-256, because kernels are uploaded: nobody can make a type that passes for another.
/// </summary>
/// <param name="Value">The bits; never 0.</param>
public readonly record struct Fingerprint(ulong Value)
{
    /// <summary>The version of the definition; raise it with <see cref="TypeHasher"/> and <see cref="KernelFingerprints"/>.</summary>
    public const int Definition = 1;

    /// <summary>The fingerprint of a layout that is written as bytes.</summary>
    internal static Fingerprint Of(ReadOnlySpan<byte> layout)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(layout, hash);
        return new(Math.Max(BinaryPrimitives.ReadUInt64LittleEndian(hash), 1));
    }

    /// <summary>16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
