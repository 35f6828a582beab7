using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>Finds CO-RE records by their instruction, their text in libbpf's log, or their number in their section.</summary>
internal sealed class RecordSearch
{
    private readonly BpfObject _bpf;
    private readonly ILookup<(int Section, long Instruction), int> _byPlace;
    private readonly Lazy<ILookup<string, int>> _byText;

    public RecordSearch(BpfObject bpf)
    {
        _bpf = bpf;
        _byPlace = bpf.Records.Where(record => record.Program is not null)
            .ToLookup(record => (record.Program!.Section.Index, record.Instruction), record => record.Index);
        _byText = new(() =>
        {
            var texts = bpf.Specs.Select(spec => spec.Spec?.LibbpfText ?? "").ToArray();
            return bpf.Records.Where(record => record.Program is not null)
                .ToLookup(record => texts[record.Spec], record => record.Index, StringComparer.Ordinal);
        });
    }

    /// <summary>The records of an instruction; the second slot of a 64-bit load belongs to it.</summary>
    public IEnumerable<int> At(CodePlace place)
    {
        var here = _byPlace[(place.Function.Section.Index, place.Instruction)];
        if (here.Any() || place.Instruction == place.Function.FirstInstruction) return here;
        var before = _bpf.Elf.DataOf(place.Function.Section).Span[((place.Instruction - 1) * Instruction.Size)..];
        return Instruction.Read(before, _bpf.Elf.IsBigEndian).IsLoadImm64
            ? _byPlace[(place.Function.Section.Index, place.Instruction - 1L)]
            : here;
    }

    /// <summary>The records of an access as libbpf writes it.</summary>
    public IEnumerable<int> Of(string spec) => _byText.Value[spec];

    /// <summary>libbpf's <c>prog 'p': relo #3</c>: a function of the object, and the number of the record in its section.</summary>
    public IEnumerable<int> Of(string? program, int number) => _bpf.Records
        .Where(record => record.IndexInSection == number && record.Program is { } owner && (program is null || owner.Name == program))
        .Select(record => record.Index);
}
