using System.Buffers;
using System.Collections.Concurrent;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>
/// Computes the outcome of one object on any number of kernels, without a report and without keeping the patched object. Work that
/// kernels have in common is done once and shared. Thread-safe.
/// </summary>
/// <param name="bpf">The object.</param>
/// <param name="keep">Called before the outcomes take more memory, with the number of bytes; it may throw to refuse.</param>
public sealed class CompatibilityCheck(BpfObject bpf, Action<long>? keep = null)
{
    private const int ReferenceCharacters = 8 / sizeof(char);
    private const long BytesPerValue = 192; // of an access or a change without its texts, and of its entries in the tables

    private readonly FieldChanges _changes = new(bpf);
    private readonly LoaderInputs _inputs = LoaderInputs.Of(bpf);
    private readonly NeedChecks _needs = new(bpf);
    private readonly ConcurrentDictionary<(Digest Fixups, string? Architecture), Judgement> _judged = [];
    private readonly ConcurrentDictionary<Relocatable, Relocatable> _known = [];
    private readonly ConcurrentDictionary<ChangedAccess, FieldChange> _changed = [];
    private readonly ConcurrentDictionary<MissingAccess, MissingAccess> _missing = [];
    private readonly ConcurrentDictionary<Check, Check> _checked = [];
    private long _characters;

    /// <summary>What the outcomes read of a kernel.</summary>
    public LayoutQuestion Question => field ??= new(bpf, _inputs, _needs.All);

    /// <summary>The outcome on one kernel: the same as from <see cref="Relocator"/> and the report.</summary>
    /// <param name="kernel">The kernel's types; may be closed afterwards.</param>
    /// <param name="version">Its version, if known.</param>
    /// <param name="reach">Called before this kernel takes memory, with the number of bytes; it may wait, or throw to refuse.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MalformedObjectException">
    /// <c>malformed-object</c>: names repeat so often that the outcomes are too large.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public KernelOutcome Of(
        KernelTypes kernel, KernelVersion? version = null, Action<long>? reach = null, CancellationToken cancellation = default) =>
        Check(kernel, version, reach, cancellation).Outcome;

    /// <summary>The same, and which other kernels have the outcome.</summary>
    /// <param name="kernel">As above.</param>
    /// <param name="version">As above.</param>
    /// <param name="reach">As above.</param>
    /// <param name="cancellation">As above.</param>
    /// <exception cref="MalformedObjectException">As above.</exception>
    /// <exception cref="OperationCanceledException">As above.</exception>
    public CheckedKernel Check(
        KernelTypes kernel, KernelVersion? version = null, Action<long>? reach = null, CancellationToken cancellation = default)
    {
        reach?.Invoke(MemoryNeed.ToCheck(bpf, poisoned: 0));
        var buffer = ArrayPool<byte>.Shared.Rent(bpf.Bytes.Length);
        try
        {
            return Relocator.Relocate(bpf, kernel, WorkBudget.For(bpf.Specs.Length, cancellation), buffer) switch
            {
                Relocated relocated => Judge(relocated, version, reach, cancellation),
                RelocationFailed failed => new(new Unrelocatable(failed), failed.IsOfLayouts ? [] : null),
                var other => throw new InvalidOperationException(other.GetType().Name),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private CheckedKernel Judge(Relocated relocated, KernelVersion? version, Action<long>? reach, CancellationToken cancellation)
    {
        reach?.Invoke(MemoryNeed.ToCheck(bpf, relocated.Fixups.Count(fixup => fixup.IsPoisoned)));
        var text = new ReportText();
        var kernel = KernelFacts.Of(_inputs, relocated.Kernel, version);
        var mismatch = ArchitectureMismatch.Find(bpf, relocated);
        var judged = _judged.GetOrAdd(
            (Judgement.KeyOf(relocated.Fixups, kernel), mismatch?.Kernel),
            _ => Judgement.Of(bpf, relocated, kernel, mismatch, text, cancellation).Shared(Share));
        var changes = _changes.Of(relocated.Fixups, text);
        var checks = _needs.Of(relocated.Kernel, version, judged.Refused, judged.Reads, mismatch, cancellation)
            .Where(check => check.Status is CheckStatus.Absent or CheckStatus.Changed).Select(Share).ToList();
        var outcome = new Relocatable(judged.Verdict, judged.PatchedDigest, judged.Missing,
            changes.ToShared(_changed, characters => Keep(characters, count: 1)), checks);
        if (!_known.TryGetValue(outcome, out var known))
        {
            Keep(ReferenceCharacters * (judged.Missing.Count + changes.Count + checks.Count), count: 0);
            known = _known.GetOrAdd(outcome, outcome);
        }

        return new(known, NamesOf(changes.Pointees));
    }

    // The names of types that pointers lead to; null if a name does not identify its type, because several have it or it is a module's.
    private static List<ulong>? NamesOf(IReadOnlySet<(BtfTypes Types, BtfType Type)> pointed)
    {
        var names = new List<ulong>();
        foreach (var (types, type) in pointed)
        {
            var name = EssentialName.Of(types.Name(type.NameOffset));
            if (types.Base is not null || types.CountOf(type.Kind, name) > 1) return null;
            names.Add(LayoutName.KeyOf(LayoutName.Group(type.Kind), name));
        }

        return names;
    }

    /// <summary>Shares one value in memory for an access that does not exist on several kernels.</summary>
    private MissingAccess Share(MissingAccess access)
    {
        if (_missing.TryGetValue(access, out var known)) return known;
        Keep(access.Local.Length, count: 1);
        return _missing.GetOrAdd(access, access);
    }

    /// <summary>Shares one value in memory for a need that several kernels do not meet.</summary>
    private Check Share(Check check)
    {
        if (_checked.TryGetValue(check, out var known)) return known;
        Keep(check.Name.Length + check.Evidence.Length + (ReferenceCharacters * check.Programs.Count), count: 1);
        return _checked.GetOrAdd(check, check);
    }

    // All outcomes of a check are in memory at the same time, so together they have the limit of one report.
    private void Keep(long characters, int count)
    {
        keep?.Invoke((sizeof(char) * characters) + (count * BytesPerValue));
        if (Interlocked.Add(ref _characters, characters) > ReportText.MaxCharacters)
        {
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".BTF.ext", 0,
                $"the results on all kernels have more than {ReportText.MaxCharacters} characters; check fewer kernels at a time");
        }
    }
}
