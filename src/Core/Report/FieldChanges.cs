using Relo.Core.BtfExt;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>What differs between the object's types and the kernel's: each field, type or enumerator once.</summary>
internal static class FieldChanges
{
    public static List<FieldChange> Of(BpfObject bpf, IReadOnlyList<Fixup> fixups, ReportText text)
    {
        var order = new List<(uint, string)>();
        var uses = new Dictionary<(uint, string), List<Fixup>>();
        var steps = new string?[bpf.Specs.Length]; // records that ask the same share them
        foreach (var fixup in fixups)
        {
            if (fixup.Record.Relo.Kind == CoreReloKind.TypeIdLocal) continue;
            var local = bpf.Specs[fixup.Record.Spec].Spec!;
            var key = (local.RootTypeId, steps[fixup.Record.Spec] ??= local.Kind.IsFieldBased() ? local.RawText : local.PathText);
            if (!uses.TryGetValue(key, out var list))
            {
                uses.Add(key, list = []);
                order.Add(key);
            }
            list.Add(fixup);
        }
        return [.. order.Select(key => Compare(bpf, uses[key], text)).OfType<FieldChange>()];
    }

    private static FieldChange? Compare(BpfObject bpf, List<Fixup> uses, ReportText text)
    {
        // Records of one access may ask different things; one that has a target tells more than one that has none.
        var fixup = uses.Find(use => use.Resolution.Target is not null) is { Record: not null } found ? found : uses[0];
        var local = bpf.Specs[fixup.Record.Spec].Spec!;
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
            [.. uses.Select(use => use.Record.Index)]);
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
}
