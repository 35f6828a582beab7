using System.Collections.Concurrent;
using System.Text;
using Relo.Core.BtfExt;

namespace Relo.Core.Objects;

/// <summary>Finds the C source line of an instruction. Thread-safe.</summary>
internal sealed class SourceLines(BpfObject bpf)
{
    private const int MaxText = 400;

    private readonly ConcurrentDictionary<uint, string> _texts = [];
    private readonly Dictionary<string, LineInfo[]> _bySection = (bpf.Ext?.Lines ?? [])
        .GroupBy(group => group.Name)
        .ToDictionary(group => group.Key, group => group.SelectMany(g => g.Records).OrderBy(line => line.InstructionOffset).ToArray());

    /// <summary>
    /// The line that the instruction at <paramref name="instructionOffset"/> (in bytes) belongs to: the last one that begins at or
    /// before it.
    /// </summary>
    public SourceLine? Find(string section, uint instructionOffset)
    {
        if (!_bySection.TryGetValue(section, out var lines)) return null;
        var (low, high) = (0, lines.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (lines[middle].InstructionOffset <= instructionOffset) low = middle + 1;
            else high = middle;
        }
        if (low == 0) return null;
        var line = lines[low - 1];
        return Text(line.FileNameOffset) is { } file && Text(line.TextOffset) is { } text ? new(file, line.Line, line.Column, text) : null;
    }

    /// <summary>Each text once, cut to a readable length: a generated line may be as long as the file.</summary>
    private string? Text(uint offset)
    {
        if (_texts.TryGetValue(offset, out var known)) return known;
        if (!bpf.Types.HasName(offset)) return null;
        return _texts.GetOrAdd(offset, Encoding.UTF8.GetString(bpf.Types.NameUpTo(offset, MaxText)).Trim());
    }
}
