using System.Text;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>
/// A BPF object opened for relocation, with everything that needs no kernel. Immutable; read once, relocated against any number of kernels
/// by any number of threads.
/// </summary>
public sealed class BpfObject
{
    private readonly Lazy<Digest> _digest;

    private BpfObject(ElfObject elf, Digest? digest, BtfTypes types, BtfExtSection? ext, ElfSection? extSection)
    {
        _digest = digest is { } known ? new(known) : new(() => Digest.Of(elf.Bytes.Span));
        Elf = elf;
        Types = types;
        Ext = ext;
        ExtSection = extSection;
        Programs = ProgramTable.Read(elf);
        (Records, Specs) = RecordTable.Read(this);
        Batches = RecordBatches.Of(Records);
    }

    /// <summary>The object file.</summary>
    public ReadOnlyMemory<byte> Bytes => Elf.Bytes;

    /// <summary>The digest of <see cref="Bytes"/>.</summary>
    public Digest Digest => _digest.Value;

    /// <summary>Sections and symbols of the object.</summary>
    public ElfObject Elf { get; }

    /// <summary>Its own BTF.</summary>
    public BtfTypes Types { get; }

    /// <summary>Its <c>.BTF.ext</c>, or null if it has none.</summary>
    public BtfExtSection? Ext { get; }

    /// <summary>Its programs and subprograms, by section and place.</summary>
    public BpfProgram[] Programs { get; }

    /// <summary>Its CO-RE records, in <c>.BTF.ext</c> order: the order libbpf relocates in.</summary>
    public CoreRecord[] Records { get; }

    /// <summary>
    /// Indexes of the records in the order they are relocated in: first those of programs that are loaded by default, then each
    /// optional program's.
    /// </summary>
    internal int[][] Batches { get; }

    /// <summary>The C source lines of its instructions.</summary>
    internal SourceLines Lines => field ??= new(this);

    /// <summary>The distinct accesses of the records.</summary>
    internal LocalSpec[] Specs { get; }

    internal ElfSection? ExtSection { get; }

    /// <summary>The estimated memory it holds, including its file, in bytes.</summary>
    internal long HeldBytes
    {
        get
        {
            const int perRecord = 80, perSpec = 256, perType = 8, perSymbol = 96, perLine = 24;
            var lines = Ext?.Lines.Sum(group => (long)group.Records.Length) ?? 0;
            return Bytes.Length + (perRecord * Records.LongLength) + (perSpec * Specs.LongLength) + ((long)perType * Types.Count)
                + ((long)perSymbol * Elf.Symbols.Count) + (perLine * 2 * lines);
        }
    }

    /// <summary>Text of the <c>license</c> section, or null.</summary>
    public string? License
    {
        get
        {
            if (Elf.FindSection("license") is not { Type: ElfSection.ProgBits } section) return null;
            var bytes = Elf.DataOf(section).Span;
            var end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(bytes[..Math.Min(end < 0 ? bytes.Length : end, 128)]);
        }
    }

    /// <summary>Reads an ELF64 BPF object of either byte order.</summary>
    /// <param name="bytes">The object.</param>
    /// <param name="digest">Its digest, if known; otherwise it is computed when needed.</param>
    /// <remarks>An object without <c>.BTF</c> is read only if libbpf would load it; it has no types and no records.</remarks>
    /// <exception cref="MalformedObjectException">Codes <c>not-a-bpf-object</c>, <c>malformed-object</c>, <c>no-btf</c>.</exception>
    public static BpfObject Read(ReadOnlyMemory<byte> bytes, Digest? digest = null)
    {
        var elf = ElfReader.Read(bytes);
        if (Last(elf, ".BTF") is not { } btf)
        {
            if (NeedOfBtf.Of(elf) is not { } need)
                return new(elf, digest, BtfReader.ReadOfObject(new BtfWriter(elf.IsBigEndian).ToBytes()), null, null);
            throw new MalformedObjectException(MalformedObjectException.NoBtf, "section header table", 0,
                $"there is no section .BTF, which {need}; compile with clang -g -target bpf and strip with llvm-strip -g only");
        }
        var types = BtfReader.ReadOfObject(elf.DataOf(btf));
        if (types.IsBigEndian != elf.IsBigEndian)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".BTF", 0,
                "its byte order is not that of the ELF file");
        var extSection = Last(elf, ".BTF.ext");
        var ext = extSection is null ? null : BtfExtReader.Read(elf.DataOf(extSection).Span, elf.IsBigEndian, types);
        var header = BtfReader.ReadHeader(elf.DataOf(btf).Span, splitBase: null, MalformedObjectException.MalformedObject);
        SecondBlob.Refuse(elf.DataOf(btf).Span, header.End, ".BTF");
        return new(elf, digest, types, ext, extSection);
    }

    /// <summary>
    /// As <see cref="Read"/>, for relocation: an object that is already relocated fits one kernel only, and its records are
    /// disabled.
    /// </summary>
    /// <exception cref="MalformedObjectException">As <see cref="Read"/>, and <c>already-relocated</c>.</exception>
    public static BpfObject ReadOriginal(ReadOnlyMemory<byte> bytes, Digest? digest = null)
    {
        var bpf = Read(bytes, digest);
        if (bpf.Ext is not { HasOrphanedCoreRelos: true }) return bpf;
        throw new MalformedObjectException(MalformedObjectException.AlreadyRelocated, ".BTF.ext", bpf.Ext.CoreHeaderOffset ?? 0,
            "core_relo_len is 0 and CO-RE records follow the other data: "
            + "the object is already relocated, and fits only the kernel it was relocated for; "
            + "send the original, as the compiler or linker wrote it "
            + "(if it was uploaded here, GET /v1/objects/{digest or tag}/file returns it)");
    }

    /// <summary>The last section of the name, which is the one libbpf keeps (bpf_object__elf_collect).</summary>
    private static ElfSection? Last(ElfObject elf, string name)
    {
        if (elf.FindLastSection(name) is not { } section) return null;
        if (section.Type != ElfSection.ProgBits || section.IsCompressed)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, name, 0,
                $"section type {section.Type}{(section.IsCompressed ? ", compressed" : "")}; expected plain PROGBITS");
        return section;
    }
}
