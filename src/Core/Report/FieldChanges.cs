using Relo.Core.Access;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>What differs between the object's types and the kernel's: each field, type or enumerator once. What needs no kernel is done once for all of them.</summary>
internal sealed class FieldChanges
{
    private readonly BpfObject _bpf;
    private readonly Access[] _accesses;

    public FieldChanges(BpfObject bpf)
    {
        _bpf = bpf;
        var steps = new string?[bpf.Specs.Length]; // records that ask the same share them
        _accesses = [.. bpf.Records
            .Where(record => record.Program is not null) // libbpf skips the others, so they have no fixup
            .Select((record, fixup) => (record, fixup, local: bpf.Specs[record.Spec].Spec))
            .Where(use => use.record.Relo.Kind != CoreReloKind.TypeIdLocal && use.local is not null) // what cannot be read fails on every kernel
            .GroupBy(use => (use.local!.RootTypeId, steps[use.record.Spec] ??= use.local.Kind.IsFieldBased() ? use.local.RawText : use.local.PathText))
            .Select(group => new Access([.. group.Select(use => use.fixup)], [.. group.Select(use => use.record.Index)]))];
    }

    /// <summary>The changes of one kernel, whose fixups are those of the same object.</summary>
    public List<FieldChange> Of(IReadOnlyList<Fixup> fixups, ReportText text) => [.. _accesses.Select(access => Compare(fixups, access, text)).OfType<FieldChange>()];

    private FieldChange? Compare(IReadOnlyList<Fixup> fixups, Access access, ReportText text)
    {
        // Records of one access may ask different things; one that has a target tells more than one that has none.
        // One that libbpf refuses, in an optional program, tells nothing.
        var best = Array.FindIndex(access.Fixups, i => fixups[i].Resolution.Target is not null);
        if (best < 0) best = Array.FindIndex(access.Fixups, i => fixups[i].Resolution.Miss != Miss.Refused);
        if (best < 0) return null;
        var fixup = fixups[access.Fixups[best]];
        var local = _bpf.Specs[fixup.Record.Spec].Spec!;
        var target = fixup.Resolution.Target;
        var was = FieldPlace.Of(local);
        FieldPlace? now = target is null ? null : FieldPlace.Of(target);
        if (Name(local, was, now, fixup.Resolution.Miss) is not { } change) return null;
        return new(
            text.Take(local.RootText),
            text.PathOf(local) is { Length: > 0 } path ? path.TrimStart('.', ':') : null,
            local.Kind.IsTypeBased() ? "0" : text.Take(local.RawText),
            change,
            was.OffsetBytes, now?.OffsetBytes, was.SizeBytes, now?.SizeBytes, was.BitOffset, now?.BitOffset,
            target is null ? null : text.Take(target.RootText),
            access.Records);
    }

    /// <summary>The kind of change, or null when nothing differs.</summary>
    private static string? Name(AccessSpec local, FieldPlace was, FieldPlace? target, Miss miss)
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

    /// <summary>A field, type or enumerator that records are about.</summary>
    /// <param name="Fixups">Their places among the fixups.</param>
    /// <param name="Records">Their indexes among all records.</param>
    private sealed record Access(int[] Fixups, int[] Records);
}
