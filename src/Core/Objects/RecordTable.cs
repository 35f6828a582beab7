using System.Runtime.InteropServices;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>Assigns each CO-RE record to its program and parses each distinct access once.</summary>
internal static class RecordTable
{
    /// <summary>Real objects have tens of thousands at most; each is a line of the report.</summary>
    private const int MaxRecords = 1 << 18;

    /// <summary>Distinct accesses stay in memory; real ones have about four steps, and as many modifiers on the way.</summary>
    private const int MaxSteps = 1 << 21;

    public static (CoreRecord[] Records, LocalSpec[] Specs) Read(BpfObject bpf)
    {
        var groups = bpf.Ext?.CoreRelos ?? [];
        var specs = new List<LocalSpec>();
        var known = new Dictionary<(uint, uint, CoreReloKind), int>();
        var work = new WorkBudget(MaxSteps, CancellationToken.None);
        var count = groups.Sum(group => (long)group.Records.Length);
        if (count > MaxRecords) throw Malformed($"there are {count} CO-RE records, at most {MaxRecords} are accepted");
        var records = new CoreRecord[count];
        var index = 0;
        foreach (var group in groups)
        {
            var section = bpf.Elf.FindSection(group.Name);
            for (var i = 0; i < group.Records.Length; i++)
            {
                var relo = group.Records[i];
                var access = (relo.TypeId, relo.AccessOffset, relo.Kind);
                ref var spec = ref CollectionsMarshal.GetValueRefOrAddDefault(known, access, out var exists);
                if (!exists)
                {
                    spec = specs.Count;
                    specs.Add(Spell(bpf, relo, work));
                    if (!work.Pay())
                        throw Malformed($"the access strings of all records together have more than {MaxSteps} steps, the limit");
                }
                records[index] = new(index++, i, group.Name, relo, section, ProgramOf(bpf, section, relo), spec);
            }
        }
        return (records, [.. specs]);
    }

    private static BpfProgram? ProgramOf(BpfObject bpf, ElfSection? section, CoreRelo relo) =>
        section is null ? null : ProgramTable.Find(bpf.Programs, section.Index, relo.InstructionOffset / Bpf.Instruction.Size);

    private static LocalSpec Spell(BpfObject bpf, CoreRelo relo, WorkBudget work)
    {
        if (relo.AccessOffset >= bpf.Types.StringsEnd)
            throw Malformed(
                $"a CO-RE record has its access string at string offset {relo.AccessOffset}, "
                + $"but the strings of .BTF end at {bpf.Types.StringsEnd}");
        // An access has at most 64 steps; access strings may overlap, and each is read to its end.
        const int maxAccess = 1024;
        var access = bpf.Types.NameUpTo(relo.AccessOffset, maxAccess);
        if (access.Length > maxAccess)
            throw Malformed($"the access string at string offset {relo.AccessOffset} of .BTF has more than {maxAccess} bytes, the limit");
        if (relo.TypeId >= (uint)bpf.Types.Count) return new(relo, null, Errno.EInval);
        var error = AccessSpecParser.Parse(bpf.Types, relo, access, work, out var spec);
        return new(relo, spec, error);
    }

    private static MalformedObjectException Malformed(string message) =>
        new(MalformedObjectException.MalformedObject, ".BTF.ext", 0, message);
}
