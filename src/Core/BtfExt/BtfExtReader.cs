using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.BtfExt;

/// <summary>
/// Reads <c>.BTF.ext</c>: a header, then subsections of records grouped by ELF section (btf_ext_parse, btf_ext_parse_sec_info of libbpf).
/// </summary>
/// <remarks>
/// libbpf ignores a malformed <c>.BTF.ext</c> and then loads the object with the offsets it was compiled with: silently wrong
/// reads. Here every fault is an error.
/// </remarks>
internal static class BtfExtReader
{
    private const string Section = ".BTF.ext";
    private const string Code = MalformedObjectException.MalformedObject;
    private const int FuncInfoSize = 8;
    private const int MinHeader = 24;
    private const int HeaderWithCore = 32;

    public static BtfExtSection Read(ReadOnlySpan<byte> bytes, bool bigEndian, BtfTypes strings)
    {
        var at = new ByteCursor(bytes, bigEndian, Code, Section);
        if (at.U16() is var magic and not 0xeb9f)
            throw new MalformedObjectException(Code, Section, 0,
                $"magic is 0x{magic:x4}, expected 0xeb9f in the byte order of the ELF file");
        if (at.U8() is var version and not 1) throw new MalformedObjectException(Code, Section, 2, $"version is {version}, expected 1");
        if (at.U8() is var flags and not 0) throw new MalformedObjectException(Code, Section, 3, $"flags are 0x{flags:x}, expected 0");
        var headerLength = at.U32();
        if (headerLength < MinHeader)
            throw new MalformedObjectException(Code, Section, 4, $"hdr_len is {headerLength}, expected at least {MinHeader}");
        if (headerLength >= (uint)bytes.Length)
            throw new MalformedObjectException(
                Code, Section, 4, $"hdr_len is {headerLength}, but the section has only {bytes.Length} bytes; no data follows the header");
        var body = new Body(bytes[(int)headerLength..], bigEndian, (int)headerLength, new(strings, bytes.Length));

        var (funcOffset, funcLength) = (at.U32(), at.U32());
        var (lineOffset, lineLength) = (at.U32(), at.U32());
        // A header of 24 bytes predates CO-RE.
        var hasCore = headerLength >= HeaderWithCore;
        var (coreOffset, coreLength) = hasCore ? (at.U32(), at.U32()) : default;
        body.Check(funcOffset, funcLength, FuncInfoSize, "func_info");
        var lines = body.Groups<LineInfo>(lineOffset, lineLength, LineInfo.Size, "line_info");
        var cores = body.Groups<CoreRelo>(coreOffset, coreLength, CoreRelo.Size, "core_relo");
        // Checked above: they all end within the section.
        var end = (uint)Math.Max(Math.Max(End(funcOffset, funcLength), End(lineOffset, lineLength)), End(coreOffset, coreLength));
        var orphaned = hasCore && coreLength == 0 && body.HasCoreRelosAt(end);
        if (!orphaned) SecondBlob.Refuse(bytes, (int)(headerLength + end), Section, cores.Sum(group => group.Records.Length));
        return new(lines, cores, hasCore ? MinHeader : null, orphaned);

        static ulong End(uint offset, uint length) => length == 0 ? 0 : offset + (ulong)length;
    }

    /// <summary>The bytes after the header; all offsets in the header count from there.</summary>
    private readonly ref struct Body(ReadOnlySpan<byte> bytes, bool bigEndian, int start, SectionTexts names)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Check(uint offset, uint length, int minSize, string what)
        {
            var at = Subsection(offset, length, what);
            if (length != 0) Walk(ref at, minSize, what, out _);
        }

        public RecordGroup<T>[] Groups<T>(uint offset, uint length, int minSize, string what)
            where T : struct, IBtfExtRecord<T>
        {
            if (length == 0) return [];
            // The first pass checks and counts, so that nothing is allocated for records that do not exist; the second reads.
            var check = Subsection(offset, length, what);
            var groups = new RecordGroup<T>[Walk(ref check, minSize, what, out var recordSize)];
            var at = Subsection(offset, length, what);
            at.Skip(4);
            for (var g = 0; g < groups.Length; g++)
            {
                var name = names.At(at.U32(), at.Offset, what);
                var records = new T[at.U32()];
                for (var r = 0; r < records.Length; r++)
                {
                    var words = MemoryMarshal.Cast<byte, uint>(at.Take(recordSize))[..4];
                    records[r] = T.Of(Order(words[0]), Order(words[1]), Order(words[2]), Order(words[3]));
                }
                groups[g] = new(name, records);
            }
            return groups;
        }

        /// <summary>Whether valid CO-RE records are at <paramref name="offset"/>, where clang writes them.</summary>
        public bool HasCoreRelosAt(ulong offset)
        {
            if (offset + 4 > (ulong)_bytes.Length) return false;
            try
            {
                Check((uint)offset, (uint)_bytes.Length - (uint)offset, CoreRelo.Size, "core_relo");
                return true;
            }
            catch (MalformedObjectException)
            {
                return false; // Bytes after the subsections that are not records: no loader reads them.
            }
        }

        private uint Order(uint word) => bigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;

        private ByteCursor Subsection(uint offset, uint length, string what)
        {
            if (length != 0 && offset % 4 != 0) throw Fault(offset, $"{what} begins at {offset}, which is not a multiple of 4");
            if (length != 0 && (offset > (uint)_bytes.Length || length > (uint)_bytes.Length - offset))
                throw Fault(Math.Min(offset, _bytes.Length),
                    $"{what} has {length} bytes at offset {offset}, but only {_bytes.Length} bytes follow the header");
            return length == 0 ? default : new(_bytes.Slice((int)offset, (int)length), bigEndian, Code, Section, start + offset);
        }

        /// <summary>Checks a whole subsection and returns the number of groups.</summary>
        private static int Walk(ref ByteCursor at, int minSize, string what, out int recordSize)
        {
            var size = at.U32();
            if (size < (uint)minSize || size % 4 != 0 || size > 4096)
                throw at.Fault($"{what} has records of {size} bytes, expected a multiple of 4 from {minSize} to 4096");
            recordSize = (int)size;
            if (at.Remaining == 0) throw at.Fault($"{what} has no records");
            var groups = 0;
            for (; at.Remaining > 0; groups++)
            {
                at.Skip(4);
                var count = at.U32();
                if (count == 0) throw at.Fault($"{what} has a section with no records");
                if (count > (uint)at.Remaining / size)
                    throw at.Fault($"{what} has a section with {count} records of {size} bytes, but only {at.Remaining} bytes are left");
                at.Skip((int)(count * size));
            }
            return groups;
        }

        private MalformedObjectException Fault(long offset, string message) => new(Code, Section, start + offset, message);
    }
}
