using System.Text;
using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>
/// The part of an outcome that depends on the patched instructions, the values that the kernel fills in, and its verifier. Kernels that
/// agree in these share it.
/// </summary>
/// <param name="PatchedDigest">Digest of the patched object.</param>
/// <param name="Verdict">Whether it can be used.</param>
/// <param name="Missing">The poisoned accesses.</param>
/// <param name="Refused">The calls of what the kernel lacks.</param>
/// <param name="Reads">What programs read of their context.</param>
internal sealed record Judgement(
    Digest PatchedDigest, Verdict Verdict, IReadOnlyList<MissingAccess> Missing, RefusedCalls Refused, ContextReads Reads)
{
    // The instruction, the slot after it, and why it is poisoned.
    private const int BytesPerFixup = (2 * Instruction.Size) + 1;

    public static Judgement Of(
        BpfObject bpf, Relocated relocated, KernelFacts kernel, ArchitectureMismatch? mismatch, ReportText text,
        CancellationToken cancellation)
    {
        var reachable = ReachabilityCheck.Of(bpf, relocated, kernel, cancellation);
        // Most accesses of one line occur in the object more than once: inlined, unrolled, for the offset and the size of a read.
        var missing = relocated.Fixups.Where(fixup => fixup.IsPoisoned)
            .GroupBy(fixup => (fixup.Record.Spec, fixup.Change.Poisoned, fixup.Record.Program, Source: LineOf(bpf, fixup)))
            .Select(group => new MissingAccess(
                LocalOf(bpf, group.First(), mismatch, text), ReasonOf(group.First(), mismatch), text.NameOf(group.Key.Program),
                group.Any(fixup => reachable.Records.Contains(fixup.Record.Index)), text.Take(group.Key.Source),
                group.Key.Program is { IsOptional: true }))
            .Concat(reachable.Calls.Select(call => OfCall(call, bpf.Lines, text)));
        // Accesses with the same text differ if they ask for different things (offset, size, sign).
        var once = missing.GroupBy(access => access with { Reachable = false })
            .Select(same => same.Key with { Reachable = same.Any(access => access.Reachable) });
        return new(Digest.Of(relocated.PatchedBytes.Span), reachable.Verdict, [.. once], RefusedCalls.Of(reachable),
            ContextReads.Of(bpf, relocated, kernel, cancellation));
    }

    /// <summary>The same, with each missing access replaced by its shared value.</summary>
    public Judgement Shared(Func<MissingAccess, MissingAccess> share) => this with { Missing = [.. Missing.Select(share)] };

    private static SourceLine? LineOf(BpfObject bpf, Fixup fixup) =>
        bpf.Lines.Find(fixup.Record.SectionName, fixup.Record.Relo.InstructionOffset);

    // All registers of another architecture are missing for one reason, which differs between kernels of two architectures.
    private static string LocalOf(BpfObject bpf, Fixup fixup, ArchitectureMismatch? mismatch, ReportText text)
    {
        var local = text.LocalOf(bpf, fixup.Record);
        return IsOf(mismatch, fixup) ? text.Take($"{local} of {mismatch!.Object}, on {mismatch.Kernel}") : local;
    }

    private static string ReasonOf(Fixup fixup, ArchitectureMismatch? mismatch) =>
        IsOf(mismatch, fixup) ? ArchitectureMismatch.Code : Reasons.Name(fixup.Change.Poisoned)!;

    private static bool IsOf(ArchitectureMismatch? mismatch, Fixup fixup) =>
        mismatch is not null && mismatch.Records.Contains(fixup.Record.Index);

    private static MissingAccess OfCall(Refusal call, SourceLines lines, ReportText text)
    {
        var source = text.Take(lines.Find(call.Program.Section.Name, (uint)call.Instruction * Instruction.Size));
        return new(text.Take(call.Local), Reasons.Name(call.Kind), text.NameOf(call.Program), true, source, call.Program.IsOptional);
    }

    /// <summary>
    /// A digest of the fixups and of the values that the kernel fills in: a few hundred bytes to hash instead of the whole object. Equal
    /// digests mean equal judgements.
    /// </summary>
    public static Digest KeyOf(IReadOnlyList<Fixup> fixups, KernelFacts kernel)
    {
        var facts = Encoding.UTF8.GetBytes(kernel.Key);
        var bytes = new byte[(fixups.Count * BytesPerFixup) + facts.Length];
        facts.CopyTo(bytes.AsSpan());
        var at = bytes.AsSpan(facts.Length);
        for (var i = 0; i < fixups.Count; i++)
        {
            var patched = fixups[i].Change;
            patched.After.First.Write(at, bigEndian: false);
            patched.After.Second.Write(at[Instruction.Size..], bigEndian: false);
            at[2 * Instruction.Size] = (byte)patched.Poisoned;
            at = at[BytesPerFixup..];
        }
        return Digest.Of(bytes);
    }
}
