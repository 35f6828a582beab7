using System.Buffers.Binary;
using System.Text;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// U-Boot's newer image, FIT (<c>mkimage -f</c>): a flat device tree (devicetree.org, chapter 5) whose node <c>/images</c> has a child
/// for each part. The kernel is the one with <c>type = "kernel"</c>; its bytes are the property <c>data</c>, or follow the tree
/// (<c>data-offset</c>, <c>data-position</c>, <c>data-size</c>).
/// <code>
/// 0 d00dfeed | 4 total size | 8 structure at | 12 strings at | … | 32 strings size | 36 structure size          all big-endian
/// structure: 1 name NUL (node begins) | 2 (node ends) | 3 length, name at, bytes (property) | 4 (nothing) | 9 (end), each padded to 4
/// </code>
/// </summary>
internal static class FitImage
{
    private const int HeaderBytes = 40, MaxTokens = 1 << 16, ImageDepth = 3;
    private const uint BeginNode = 1, EndNode = 2, Property = 3, Nothing = 4, End = 9;

    public static bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderBytes && head.StartsWith((ReadOnlySpan<byte>)[0xd0, 0x0d, 0xfe, 0xed]);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        var (kernel, hasImages) = FindKernel(file);
        if (kernel is { } bytes) return KernelFileReader.ReadPart(bytes, unpacker, depth - 1).In("FIT image");
        throw new KernelFileException(hasImages
            ? "the FIT image has no part of type \"kernel\"; send the image that contains the kernel"
            : "the file is a device tree, which describes hardware and contains no kernel; send the kernel (Image, zImage, vmlinuz) "
                + "beside it");
    }

    private static (ReadOnlyMemory<byte>? Kernel, bool HasImages) FindKernel(ReadOnlyMemory<byte> file)
    {
        var structure = Block(file, 8, 36, "structure");
        var strings = Block(file, 12, 32, "strings");
        var path = new List<string>();
        var part = new Part(null, null, null, null, IsKernel: false);
        var hasImages = false;
        for (var (at, tokens) = (0, 0); ; tokens++)
        {
            if (tokens == MaxTokens) throw new KernelFileException($"the device tree has more than {MaxTokens} tokens");
            switch (Word(structure.Span, ref at))
            {
                case BeginNode:
                    path.Add(Text(structure.Span, ref at));
                    if (path.Count == ImageDepth) part = new(null, null, null, null, IsKernel: false);
                    hasImages |= path is ["", "images"];
                    break;
                case EndNode:
                    if (path.Count == 0) throw new KernelFileException("the device tree is damaged: more nodes end than begin");
                    if (path is ["", "images", _] && part.IsKernel && part.Bytes(file) is { } kernel) return (kernel, true);
                    path.RemoveAt(path.Count - 1);
                    break;
                case Property:
                    var (name, value) = ReadProperty(structure, strings.Span, ref at);
                    if (path is ["", "images", _]) part = part.With(name, value);
                    break;
                case Nothing:
                    break;
                case End:
                    return (null, hasImages);
                case var token:
                    throw new KernelFileException(
                        $"the device tree is damaged: token {token} at 0x{at - 4:x} of its structure is unknown");
            }
        }
    }

    private static (string Name, ReadOnlyMemory<byte> Value) ReadProperty(
        ReadOnlyMemory<byte> structure, ReadOnlySpan<byte> strings, ref int at)
    {
        var length = Word(structure.Span, ref at);
        var nameAt = (int)Math.Min(Word(structure.Span, ref at), int.MaxValue);
        if (length > (uint)(structure.Length - at))
            throw new KernelFileException($"the device tree is damaged: a property has {length} bytes, {structure.Length - at} are left");
        var value = structure.Slice(at, (int)length);
        at += (int)length + (-(int)length & 3);
        return (Text(strings, ref nameAt), value);
    }

    private static ReadOnlyMemory<byte> Block(ReadOnlyMemory<byte> file, int atField, int sizeField, string what)
    {
        uint at = BinaryPrimitives.ReadUInt32BigEndian(file.Span[atField..]),
            size = BinaryPrimitives.ReadUInt32BigEndian(file.Span[sizeField..]);
        if (at > (uint)file.Length || size > (uint)file.Length - at)
            throw new KernelFileException(
                $"the device tree is truncated: its {what} is at 0x{at:x} + 0x{size:x}, but the file has 0x{file.Length:x} bytes");
        return file.Slice((int)at, (int)size);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (at > bytes.Length - 4) throw new KernelFileException("the device tree is damaged: its structure does not end");
        at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[(at - 4)..]);
    }

    // Skips the padding after a node's name.
    private static string Text(ReadOnlySpan<byte> bytes, ref int at)
    {
        var end = at < bytes.Length ? bytes[at..Math.Min(bytes.Length, at + 256)].IndexOf((byte)0) : -1;
        if (end < 0) throw new KernelFileException("the device tree is damaged: a name does not end");
        var text = Encoding.Latin1.GetString(bytes.Slice(at, end));
        at = (at + end + 4) & ~3;
        return text;
    }

    /// <summary>A child of <c>/images</c>.</summary>
    private sealed record Part(ReadOnlyMemory<byte>? Data, uint? Offset, uint? Position, uint? Size, bool IsKernel)
    {
        public Part With(string property, ReadOnlyMemory<byte> value) => property switch
        {
            "data" => this with { Data = value },
            "data-offset" when value.Length == 4 => this with { Offset = BinaryPrimitives.ReadUInt32BigEndian(value.Span) },
            "data-position" when value.Length == 4 => this with { Position = BinaryPrimitives.ReadUInt32BigEndian(value.Span) },
            "data-size" when value.Length == 4 => this with { Size = BinaryPrimitives.ReadUInt32BigEndian(value.Span) },
            // "kernel_noload" is a kernel too, run in place.
            "type" => this with { IsKernel = value.Span.StartsWith("kernel\0"u8) || value.Span.StartsWith("kernel_noload\0"u8) },
            _ => this,
        };

        public ReadOnlyMemory<byte>? Bytes(ReadOnlyMemory<byte> file)
        {
            if (Data is not null) return Data;
            if (Size is not { } size || (Position ?? Offset) is not { } from) return null;
            // An offset counts from the end of the tree, padded to four bytes.
            var at = Position is null ? ((BinaryPrimitives.ReadUInt32BigEndian(file.Span[4..]) + 3L) & ~3L) + from : from;
            return at <= file.Length && size <= file.Length - at
                ? file.Slice((int)at, (int)size)
                : throw new KernelFileException(
                    $"the FIT image is truncated: its kernel is at 0x{at:x} + 0x{size:x}, but the file has 0x{file.Length:x} bytes");
        }
    }
}
