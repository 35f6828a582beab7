using System.Text;
using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>
/// All that depends on the patched instructions, and on what the kernel fills in and its verifier knows: kernels that agree in these share it, however
/// they differ otherwise.
/// </summary>
/// <param name="Patched">Digest of the patched object.</param>
/// <param name="Verdict">Whether it can be used.</param>
/// <param name="Missing">What is poisoned.</param>
internal sealed record Judgement(Digest Patched, Verdict Verdict, IReadOnlyList<MissingAccess> Missing)
{
    // What a fixup came to: the instruction, the slot behind it, and why it was poisoned.
    private const int BytesPerFixup = (2 * Instruction.Size) + 1;

    public static Judgement Of(BpfObject bpf, Relocated relocated, KernelFacts kernel, ArchitectureMismatch? mismatch, ReportText text, CancellationToken cancellation)
    {
        var reachable = ReachabilityCheck.Of(bpf, relocated, kernel, cancellation);
        // The same access of one line is mostly in the object more than once: inlined, unrolled, in the offset and in the size of a read.
        var missing = relocated.Fixups.Where(fixup => fixup.IsPoisoned && !IsOf(mismatch, fixup))
            .GroupBy(fixup => (fixup.Record.Spec, fixup.Patched.Poisoned, fixup.Record.Program, Source: bpf.Lines.Find(fixup.Record.SectionName, fixup.Record.Relo.InstructionOffset)))
            .Select(group => new MissingAccess(text.LocalOf(bpf, group.First().Record), Reasons.Name(group.Key.Poisoned)!, text.NameOf(group.Key.Program),
                group.Any(fixup => reachable.Records.Contains(fixup.Record.Index)), text.Take(group.Key.Source), group.Key.Program is { IsOptional: true }))
            .Concat(reachable.Calls.Select(call => OfCall(call, bpf.Lines, text)));
        // Accesses that read the same are several where they ask different things (offset, size, sign).
        var once = missing.GroupBy(access => access with { Reachable = false }).Select(same => same.Key with { Reachable = same.Any(access => access.Reachable) });
        var poisoned = mismatch is null ? once : once.Prepend(Folded(mismatch, relocated, reachable.Records, bpf, text));
        return new(Digest.Of(relocated.PatchedBytes.Span), reachable.Verdict, [.. poisoned]);
    }

    private static bool IsOf(ArchitectureMismatch? mismatch, Fixup fixup) => mismatch is not null && mismatch.Records.Contains(fixup.Record.Index);

    /// <summary>All registers of another architecture as one access, at the place that matters most.</summary>
    private static MissingAccess Folded(ArchitectureMismatch mismatch, Relocated relocated, IReadOnlySet<int> reachable, BpfObject bpf, ReportText text)
    {
        var registers = relocated.Fixups.Where(fixup => IsOf(mismatch, fixup)).Select(fixup => fixup.Record).ToList();
        var first = registers.OrderBy(record => record.IsOptional).ThenByDescending(record => reachable.Contains(record.Index)).First();
        return new(text.Take($"{mismatch.Struct} of {mismatch.Object}, on {mismatch.Kernel}"), ArchitectureMismatch.Code, text.NameOf(first.Program),
            reachable.Contains(first.Index), text.Take(bpf.Lines.Find(first.SectionName, first.Relo.InstructionOffset)), first.IsOptional);
    }

    private static MissingAccess OfCall(Refusal call, SourceLines lines, ReportText text)
    {
        var source = text.Take(lines.Find(call.Program.Section.Name, (uint)call.Instruction * Instruction.Size));
        return new(text.Take(call.Local), Reasons.Name(call.Kind), text.NameOf(call.Program), true, source, call.Program.IsOptional);
    }

    /// <summary>
    /// A digest of the fixups and of what the kernel fills in: a few hundred bytes to hash instead of the whole object. Equal only where the judgement is.
    /// </summary>
    public static Digest KeyOf(IReadOnlyList<Fixup> fixups, KernelFacts kernel)
    {
        var facts = Encoding.UTF8.GetBytes(kernel.Key);
        var bytes = new byte[(fixups.Count * BytesPerFixup) + facts.Length];
        facts.CopyTo(bytes.AsSpan());
        var at = bytes.AsSpan(facts.Length);
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
