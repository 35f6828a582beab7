using System.Buffers.Binary;
using System.Security.Cryptography;
using Relo.Core.Bytes;
using Relo.Core.StableForms;
using ZstdSharp;

namespace Relo.Archive.Blobs;

/// <summary>
/// A packed BTF as it is stored. It is self-describing, so it can be read without the database.
/// <code>
/// "RELOBTF1" │ form, 0, 0, 0 │ size of raw BTF │ size of stable form │ digest of raw BTF │ of its base │ zstd frame │ SHA-256
/// </code>
/// The numbers are little-endian. The base is zero unless the form is a difference. The SHA-256 is that of everything before it.
/// </summary>
/// <param name="Form">How it is stored.</param>
/// <param name="Btf">The digest of the raw BTF.</param>
/// <param name="Base">The digest of the raw BTF that it is a difference to; null for the other forms.</param>
/// <param name="SizeBytes">The size of the raw BTF.</param>
/// <param name="FormBytes">The size of the stable form; 0 for <see cref="StoredForm.Raw"/>.</param>
/// <param name="Frame">One zstd frame.</param>
internal sealed record PackedBlob(
    StoredForm Form, Digest Btf, Digest? Base, int SizeBytes, int FormBytes, ReadOnlyMemory<byte> Frame)
{
    private const int FormAt = 8, SizeAt = 12, FormSizeAt = 16, BtfAt = 20, BaseAt = 52, FrameAt = 84, HashBytes = SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "RELOBTF1"u8;

    /// <summary>Packs a BTF.</summary>
    /// <param name="btf">Its digest.</param>
    /// <param name="bytes">Its raw bytes.</param>
    /// <param name="known">The BTF that it may be stored as a difference to, with its stable form; null for none.</param>
    /// <param name="isQuick">Whether to compress in a tenth of the time, to a larger size. Differences ignore it.</param>
    public static byte[] Pack(Digest btf, ReadOnlySpan<byte> bytes, (Digest Btf, byte[] Form)? known, bool isQuick = false)
    {
        if (StableForm.Write(bytes) is not { } form)
            return Write(StoredForm.Raw, btf, null, bytes.Length, 0, Zstd.Compress(bytes, isQuick));
        return known is { } neighbour
            ? Write(StoredForm.Difference, btf, neighbour.Btf, bytes.Length, form.Length, Zstd.Compress(form, neighbour.Form))
            : Write(StoredForm.Base, btf, null, bytes.Length, form.Length, Zstd.Compress(form, isQuick));
    }

    /// <summary>The digest of the BTF in stored bytes; that of the bytes themselves if they are not a sound packed BTF.</summary>
    public static Digest NameOf(ReadOnlySpan<byte> stored) => IsSound(stored)
        ? Digest.FromHash(stored[BtfAt..BaseAt])
        : Digest.Of(stored);

    /// <summary>Reads stored bytes.</summary>
    /// <param name="stored">The bytes.</param>
    /// <param name="maxBytes">The largest BTF that is accepted.</param>
    /// <returns>Null if they are damaged, or written by a newer version.</returns>
    public static PackedBlob? Read(ReadOnlyMemory<byte> stored, long maxBytes)
    {
        var bytes = stored.Span;
        if (!IsSound(bytes)) return null;
        var form = (StoredForm)bytes[FormAt];
        var (size, formSize) =
            (BinaryPrimitives.ReadUInt32LittleEndian(bytes[SizeAt..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[FormSizeAt..]));
        if (!Enum.IsDefined(form) || size is 0 || size > maxBytes
            || formSize > Math.Min(StableForm.MostBytes(size), int.MaxValue))
            return null;
        return new(
            form, Digest.FromHash(bytes[BtfAt..BaseAt]), form == StoredForm.Difference ? Digest.FromHash(bytes[BaseAt..FrameAt]) : null,
            (int)size, (int)formSize, stored[FrameAt..^HashBytes]);
    }

    /// <summary>The stable form of the BTF.</summary>
    /// <param name="known">The stable form of the base; null unless the form is a difference.</param>
    /// <exception cref="ZstdException">The frame is damaged.</exception>
    public byte[] UnpackForm(byte[]? known)
    {
        var form = GC.AllocateUninitializedArray<byte>(FormBytes);
        Zstd.Decompress(Frame.Span, form, known);
        return form;
    }

    private static bool IsSound(ReadOnlySpan<byte> stored) =>
        stored.Length > FrameAt + HashBytes && stored.StartsWith(Magic)
        && SHA256.HashData(stored[..^HashBytes]).AsSpan().SequenceEqual(stored[^HashBytes..]);

    private static byte[] Write(StoredForm form, Digest btf, Digest? known, int size, int formSize, ReadOnlySpan<byte> frame)
    {
        var stored = new byte[FrameAt + frame.Length + HashBytes];
        Magic.CopyTo(stored);
        stored[FormAt] = (byte)form;
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(SizeAt), size);
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(FormSizeAt), formSize);
        btf.ToBytes().CopyTo(stored, BtfAt);
        known?.ToBytes().CopyTo(stored, BaseAt);
        frame.CopyTo(stored.AsSpan(FrameAt));
        SHA256.HashData(stored.AsSpan(0, stored.Length - HashBytes), stored.AsSpan(stored.Length - HashBytes));
        return stored;
    }
}
