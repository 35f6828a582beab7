using System.Buffers.Binary;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// Relocates the split BTF of an out-of-tree module to a kernel's BTF (btf_relocate.c, which libbpf and the kernel share). Such a module
/// contains <c>.BTF.base</c>, an excerpt of the BTF it was built against: the few types it uses, by name and without members.
/// <code>
/// .BTF.base  1 … b          kernel  1 … k
/// .BTF       b+1 …     →    split   k+1 …   references to 1 … b become references to the kernel's types, the others move up
/// </code>
/// </summary>
public sealed class DistilledBase
{
    private const string Section = ".BTF.base";

    private readonly BtfTypes _distilled;
    private readonly BtfTypes _module;
    private readonly BtfTypes _kernel;
    private readonly Dictionary<uint, uint> _ids;
    private readonly Dictionary<uint, uint> _names = new() { [0] = 0 };

    private DistilledBase(ReadOnlyMemory<byte> distilled, ReadOnlyMemory<byte> module, BtfTypes kernel)
    {
        _kernel = kernel;
        _distilled = BtfReader.Read(distilled);
        _module = BtfReader.Read(module, _distilled);
        _ids = DistilledMatch.Ids(_distilled, _module, kernel);
        foreach (var (from, to) in _ids) _names[_distilled[from].NameOffset] = kernel[to].NameOffset;
        Module = Rewrite(_module);
    }

    /// <summary>The module's types as split BTF on the kernel's.</summary>
    public byte[] Module { get; }

    /// <summary>Relocates a module's BTF to a kernel's.</summary>
    /// <param name="distilled">The module's <c>.BTF.base</c>.</param>
    /// <param name="module">The module's <c>.BTF</c>.</param>
    /// <param name="kernel">The kernel's types.</param>
    /// <exception cref="MalformedObjectException">It is invalid, or the kernel has no type, or several, for one of the excerpt (code
    /// <c>invalid-btf</c>).</exception>
    public static DistilledBase Fit(ReadOnlyMemory<byte> distilled, ReadOnlyMemory<byte> module, BtfTypes kernel) =>
        new(distilled, module, kernel);

    /// <summary>Relocates split BTF whose base is the module's (<c>.BTF.inline</c>).</summary>
    /// <exception cref="MalformedObjectException">It is invalid (code <c>invalid-btf</c>).</exception>
    public byte[] Refit(ReadOnlyMemory<byte> onModule) => Rewrite(BtfReader.Read(onModule, _module));

    private byte[] Rewrite(BtfTypes types)
    {
        var bytes = types.Bytes.ToArray();
        var start = BtfHeader.Read(bytes, MalformedObjectException.InvalidBtf, ".BTF").TypesStart;
        for (var i = 0; i < types.WordOffsets.Length; i++)
        {
            var type = types[types.FirstId + (uint)i];
            // For unknown kinds, the layout table gives the size but not which words are references.
            if (KindLayout.Of(type.Kind) is not { } layout)
                throw Fault(type.Id,
                    $"has kind {type.Kind:d}, whose references cannot be renumbered; known kinds are 1 to {KindLayout.Last:d}");
            var words = layout.Once.Length + (layout.Element.Length * type.Count);
            var at = bytes.AsSpan(start + (types.WordOffsets[i] * sizeof(uint)));
            for (var word = 0; word < words; word++)
            {
                var letter = layout[word];
                if (KindLayout.IsName(letter)) Write(at, word, Name(Read(at, word), type.Id));
                else if (KindLayout.IsType(letter)) Write(at, word, Id(Read(at, word)));
            }
        }
        return bytes;
    }

    private uint Id(uint id) =>
        id < (uint)_distilled.Count ? _ids.GetValueOrDefault(id) : id - (uint)_distilled.Count + (uint)_kernel.Count;

    // String offsets differ in the kernel's BTF; only the names of matched types are mapped (str_map of libbpf).
    private uint Name(uint offset, uint id)
    {
        if (offset >= _distilled.StringsEnd) return offset - _distilled.StringsEnd + _kernel.StringsEnd;
        return _names.TryGetValue(offset, out var name) ? name : throw Fault(id,
            $"has the name '{_distilled.NameText(offset)}', which no type of {Section} has");
    }

    private uint Read(ReadOnlySpan<byte> type, int word) =>
        _kernel.IsBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(type[(word * 4)..])
            : BinaryPrimitives.ReadUInt32LittleEndian(type[(word * 4)..]);

    private void Write(Span<byte> type, int word, uint value)
    {
        if (_kernel.IsBigEndian) BinaryPrimitives.WriteUInt32BigEndian(type[(word * 4)..], value);
        else BinaryPrimitives.WriteUInt32LittleEndian(type[(word * 4)..], value);
    }

    internal static MalformedObjectException Fault(uint id, string message) =>
        new(MalformedObjectException.InvalidBtf, Section, 0, $"type {id} {message}");
}
