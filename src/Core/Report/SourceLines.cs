using Relo.Core.BtfExt;

namespace Relo.Core.Report;

/// <summary>Finds the C source line of an instruction.</summary>
internal sealed class SourceLines(BpfObject bpf)
{
    private readonly Dictionary<string, LineInfo[]> _bySection = (bpf.Ext?.Lines ?? [])
        .GroupBy(group => group.Name)
        .ToDictionary(group => group.Key, group => group.SelectMany(g => g.Records).OrderBy(line => line.InstructionOffset).ToArray());

    /// <summary>The line that the instruction at <paramref name="instructionOffset"/> (in bytes) belongs to: the last one that begins at or before it.</summary>
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
        if (low == 0 || lines[low - 1] is var line && !(bpf.Types.HasName(line.FileNameOffset) && bpf.Types.HasName(line.TextOffset))) return null;
        line = lines[low - 1];
        return new(bpf.Types.NameText(line.FileNameOffset), line.Line, line.Column, bpf.Types.NameText(line.TextOffset).Trim());
    }
}
