using System.Buffers.Binary;
using System.Text;

namespace Relo.Conformance.Comparison;

/// <summary>
/// Reads as much of an ELF object as a judge needs: sections, CO-RE records, where the instructions are. On purpose not
/// the reader that is on trial; sound objects only, anything else throws.
/// </summary>
public sealed class ObjectFile
{
    private readonly byte[] _bytes;
    private readonly bool _big;
    private readonly List<(string Name, uint Type, int Offset, int Size)> _sections = [];

    /// <summary>In <c>.BTF.ext</c> order.</summary>
    public IReadOnlyList<RecordPlace> Records { get; }

    /// <summary>Offset in the file of core_relo_off and core_relo_len, the 8 bytes that relocation clears; null without records.</summary>
    public int? CoreHeader { get; private set; }

    public ObjectFile(byte[] bytes)
    {
        _bytes = bytes;
        _big = bytes[5] == 2;
        ReadSections();
        Records = [.. ReadRecords()];
    }

    /// <summary>Opcode of a record's instruction; null when the object has no such section.</summary>
    public byte? OpcodeAt(RecordPlace record) => record.InFile is { } at ? _bytes[at] : null;

    /// <summary>
    /// Expected result of relocation: the object with these instructions in place of its own and no record named any more.
    /// </summary>
    public byte[] With(IReadOnlyDictionary<int, byte[]> instructionsByRecord)
    {
        var result = _bytes.ToArray();
        if (CoreHeader is { } header) result.AsSpan(header, 8).Clear();
        foreach (var record in Records)
            if (instructionsByRecord.TryGetValue(record.InBtfExt, out var instruction)) instruction.CopyTo(result, record.InFile!.Value);
        return result;
    }

    private uint U32(int at) => _big
        ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private int U16(int at) => _big
        ? BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private int U64(int at) =>
        checked((int)(_big
            ? BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(at))
            : BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at))));

    private string Text(int at) => Encoding.UTF8.GetString(_bytes.AsSpan(at, _bytes.AsSpan(at).IndexOf((byte)0)));

    private void ReadSections()
    {
        var table = U64(0x28);
        var names = U64(table + U16(0x3e) * 64 + 0x18);
        for (var i = 0; i < U16(0x3c); i++)
        {
            var at = table + i * 64;
            _sections.Add((Text(names + (int)U32(at)), U32(at + 4), U64(at + 0x18), U64(at + 0x20)));
        }
    }

    private IEnumerable<RecordPlace> ReadRecords()
    {
        var ext = _sections.Find(section => section.Name == ".BTF.ext");
        var btf = _sections.Find(section => section.Name == ".BTF");
        if (ext.Name is null || btf.Name is null) yield break;
        var strings = btf.Offset + (int)U32(btf.Offset + 4) + (int)U32(btf.Offset + 16);
        var headerLength = (int)U32(ext.Offset + 4);
        if (headerLength < 32 || U32(ext.Offset + 28) == 0) yield break;

        CoreHeader = ext.Offset + 24;
        var at = ext.Offset + headerLength + (int)U32(ext.Offset + 24);
        var end = at + (int)U32(ext.Offset + 28);
        var recordSize = (int)U32(at);
        var index = 0;
        for (at += 4; at < end;)
        {
            var name = Text(strings + (int)U32(at));
            var section = _sections.Find(section => section.Name == name);
            var count = (int)U32(at + 4);
            at += 8;
            for (var inGroup = 0; inGroup < count; inGroup++, at += recordSize, index++)
                yield return new(index, inGroup, at - ext.Offset, name, U32(at),
                    section.Name is null ? null : section.Offset + (int)U32(at), U32(at + 12), Text(strings + (int)U32(at + 8)));
        }
    }
}
