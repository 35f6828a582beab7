using System.Runtime.InteropServices;
using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>
/// Compares the object's types with a kernel's: each field, type or enumerator once. Data that needs no kernel is computed once for all
/// kernels.
/// </summary>
internal sealed class FieldChanges
{
    private readonly BpfObject _bpf;
    private readonly int[][] _accesses; // the records of each access, by index
    private readonly int[] _fixups; // the index of each record's fixup

    public FieldChanges(BpfObject bpf)
    {
        _bpf = bpf;
        _fixups = new int[bpf.Records.Length];
        var fixup = 0;
        foreach (ref readonly var record in bpf.Records.AsSpan()) _fixups[record.Index] = record.Program is null ? -1 : fixup++;

        _accesses = Group(bpf);
    }

    /// <summary>The changes of one kernel, whose fixups are those of the same object. Counts their characters.</summary>
    public FieldChangeList Of(IReadOnlyList<Fixup> fixups, ReportText text)
    {
        var names = new Dictionary<(BtfTypes, uint), string>();
        var changes = new List<ChangedAccess>();
        var proposals = new ProposalSearch(new WorkBudget(ProposalSearch.StepsOfReport, CancellationToken.None));
        foreach (var access in _accesses)
        {
            if (Compare(fixups, access, names, proposals) is not { } change) continue;
            changes.Add(change);
            text.Pay(FieldChangeList.CharactersOf(_bpf, change));
            text.Keep(change.ProposalCharacters);
        }
        var characters = names.Values.Sum(name => (long)name.Length) + changes.Sum(change => (long)change.ProposalCharacters);
        return new(_bpf, [.. changes], sizeof(char) * characters)
        {
            Pointees = proposals.Pointees,
        };
    }

    /// <summary>The records of each access, in the order of its first record.</summary>
    private static int[][] Group(BpfObject bpf)
    {
        var known = new Dictionary<(uint, string), int>(); // records with the same spec share their access
        var accessOf = new int[bpf.Specs.Length];
        Array.Fill(accessOf, -1);
        var counts = new List<int>();
        foreach (ref readonly var record in bpf.Records.AsSpan())
        {
            if (!IsCompared(bpf, record)) continue;
            ref var access = ref accessOf[record.Spec];
            if (access < 0)
            {
                var local = bpf.Specs[record.Spec].Spec!;
                ref var same = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (local.RootTypeId, StepsOf(local)), out var exists);
                if (!exists)
                {
                    same = counts.Count;
                    counts.Add(0);
                }
                access = same;
            }
            counts[access]++;
        }

        // Counted first: lists that grow would take twice the memory.
        var groups = counts.Select(count => new int[count]).ToArray();
        var filled = new int[groups.Length];
        foreach (ref readonly var record in bpf.Records.AsSpan())
        {
            if (!IsCompared(bpf, record)) continue;
            var access = accessOf[record.Spec];
            groups[access][filled[access]++] = record.Index;
        }
        return groups;
    }

    // libbpf skips records outside all programs, so they have no fixup. A spec that cannot be parsed fails on every kernel.
    private static bool IsCompared(BpfObject bpf, in CoreRecord record) =>
        record.Program is not null && record.Relo.Kind != CoreReloKind.TypeIdLocal && bpf.Specs[record.Spec].Spec is not null;

    private static string StepsOf(AccessSpec local) => local.Kind.IsFieldBased() ? local.RawText : local.PathText;

    private ChangedAccess? Compare(
        IReadOnlyList<Fixup> fixups, int[] uses, Dictionary<(BtfTypes, uint), string> names, ProposalSearch proposals)
    {
        // Records of one access may have different kinds; one with a target is more informative than one without.
        // A record that libbpf refuses, in an optional program, is not informative.
        var best = Array.FindIndex(uses, use => FixupOf(use).Resolution.Target is not null);
        if (best < 0) best = Array.FindIndex(uses, use => FixupOf(use).Resolution.Miss != Miss.Refused);
        if (best < 0) return null;
        var fixup = FixupOf(uses[best]);
        var local = _bpf.Specs[fixup.Record.Spec].Spec!;
        var target = fixup.Resolution.Target;
        FieldPlace? now = target is null ? null : FieldPlace.Of(target);
        if (NameOf(local, FieldPlace.Of(local), now, fixup.Resolution.Miss) is not { } change) return null;
        return new(fixup.Record.Spec, change, now, target is null ? null : RootOf(target, names), uses)
        {
            // From the object's own types alone: a report depends on the object and the kernel, not on what else the archive has.
            Proposal = proposals.Of(local, fixup.Resolution, FieldEvidence.OfObject(local)) is [var proposal, ..] ? proposal : null,
        };

        Fixup FixupOf(int record) => fixups[_fixups[record]];
    }

    // Thousands of fields are in one struct.
    private static string RootOf(AccessSpec target, Dictionary<(BtfTypes, uint), string> names)
    {
        if (!names.TryGetValue((target.Types, target.RootTypeId), out var name))
            names.Add((target.Types, target.RootTypeId), name = target.RootText);
        return name;
    }

    /// <summary>The kind of change, or null if nothing differs.</summary>
    private static string? NameOf(AccessSpec local, FieldPlace was, FieldPlace? target, Miss miss)
    {
        if (target is not { } now) return miss is Miss.IncompatibleField or Miss.IncompatibleType ? "incompatible" : "missing";
        var moved = was.OffsetBytes != now.OffsetBytes || was.BitOffset != now.BitOffset;
        var resized = was.SizeBytes != now.SizeBytes || was.BitfieldBits != now.BitfieldBits;
        if (local.Kind.IsEnumBased()) return was.Value != now.Value ? "value-changed" : null;
        if (local.Kind is CoreReloKind.TypeExists or CoreReloKind.TypeMatches or CoreReloKind.TypeIdTarget) return null;
        return (moved, resized, was.IsSigned != now.IsSigned) switch
        {
            (true, true, _) => "moved-and-resized",
            (true, false, _) => "moved",
            (false, true, _) => "resized",
            (false, false, true) => "signedness",
            _ => null,
        };
    }
}
