using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>All that depends on the patched instructions alone: kernels that agree in them share it, however they differ otherwise.</summary>
/// <param name="Patched">Digest of the patched object.</param>
/// <param name="Verdict">How good it is.</param>
/// <param name="Missing">What is poisoned.</param>
internal sealed record Judgement(Digest Patched, Verdict Verdict, IReadOnlyList<MissingAccess> Missing)
{
    // What a fixup came to: the instruction, the slot behind it, and why it was poisoned.
    private const int BytesPerFixup = (2 * Instruction.Size) + 1;

    public static Judgement Of(BpfObject bpf, Relocated relocated, ReportText text, CancellationToken cancellation)
    {
        var reachable = Bpf.Reachability.Find(bpf, relocated, cancellation);
        var poisoned = relocated.Fixups.Where(fixup => fixup.IsPoisoned).ToList();
        // The same access of one line is mostly in the object more than once: inlined, unrolled, in the offset and in the size of a read.
        var missing = poisoned
            .GroupBy(fixup => (fixup.Record.Spec, fixup.Patched.Poisoned, fixup.Record.Program, Source: bpf.Lines.Find(fixup.Record.SectionName, fixup.Record.Relo.InstructionOffset)))
            .Select(group => new MissingAccess(text.LocalOf(bpf, group.First().Record), Reasons.Name(group.Key.Poisoned)!, group.Key.Program is { } program ? text.Take(program.Name) : null,
                group.Any(fixup => reachable.Contains(fixup.Record.Index)), text.Take(group.Key.Source)));
        // Accesses that read the same are several where they ask different things (offset, size, sign).
        var once = missing.GroupBy(access => access with { Reachable = false }).Select(same => same.Key with { Reachable = same.Any(access => access.Reachable) });
        return new(Digest.Of(relocated.PatchedBytes.Span), Verdicts.Of(poisoned.Count, reachable.Count), [.. once]);
    }

    /// <summary>A digest of the fixups, equal exactly where the patched objects are: a few hundred bytes to hash instead of the whole object.</summary>
    public static Digest KeyOf(IReadOnlyList<Fixup> fixups)
    {
        var bytes = new byte[fixups.Count * BytesPerFixup];
        var at = bytes.AsSpan();
        for (var i = 0; i < fixups.Count; i++)
        {
            var patched = fixups[i].Patched;
            patched.After.First.Write(at, bigEndian: false);
            patched.After.Second.Write(at[Instruction.Size..], bigEndian: false);
            at[2 * Instruction.Size] = (byte)patched.Poisoned;
            at = at[BytesPerFixup..];
        }
        return Digest.Of(bytes);
    }
}
