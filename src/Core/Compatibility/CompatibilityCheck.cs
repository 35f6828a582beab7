using System.Buffers;
using System.Collections.Concurrent;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>
/// One object against any number of kernels: for each the outcome of its relocation, without the report and without keeping the patched object. What kernels have
/// in common is computed once and is one value in memory. For any number of threads.
/// </summary>
/// <param name="bpf">The object.</param>
public sealed class CompatibilityCheck(BpfObject bpf)
{
    private readonly FieldChanges _changes = new(bpf);
    private readonly LoaderInputs _inputs = LoaderInputs.Of(bpf);
    private readonly ConcurrentDictionary<(Digest Fixups, string? Architecture), Judgement> _judged = [];
    private readonly ConcurrentDictionary<Relocatable, Relocatable> _known = [];
    private long _characters;

    /// <summary>As below, for a kernel whose version is not known.</summary>
    public KernelOutcome Of(BtfTypes kernel, IEnumerable<ModuleTypes> modules, CancellationToken cancellation = default) => Of(kernel, modules, version: null, cancellation);

    /// <summary>The outcome on one kernel: what <see cref="Relocator.Relocate(BpfObject, BtfTypes, IEnumerable{ModuleTypes}, CancellationToken)"/> and the report of it would say.</summary>
    /// <param name="kernel">The kernel's own types; may be closed afterwards.</param>
    /// <param name="modules">Its modules; not gone through before they are needed.</param>
    /// <param name="version">Its version, if known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="MalformedObjectException"><c>malformed-object</c>: names repeat so often that the outcomes would be out of all proportion.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public KernelOutcome Of(BtfTypes kernel, IEnumerable<ModuleTypes> modules, KernelVersion? version, CancellationToken cancellation = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bpf.Bytes.Length);
        try
        {
            return Relocator.Relocate(bpf, kernel, modules, WorkBudget.For(bpf.Specs.Length, cancellation), buffer) switch
            {
                Relocated relocated => Judge(relocated, version, cancellation),
                RelocationFailed failed => new Unrelocatable(failed),
                var other => throw new InvalidOperationException(other.GetType().Name),
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Relocatable Judge(Relocated relocated, KernelVersion? version, CancellationToken cancellation)
    {
        var text = new ReportText();
        var kernel = KernelFacts.Of(_inputs, relocated.Kernel, relocated.OpenModules, version);
        var mismatch = ArchitectureMismatch.Find(bpf, relocated);
        var judged = _judged.GetOrAdd((Judgement.KeyOf(relocated.Fixups, kernel), mismatch?.Kernel), _ => Judgement.Of(bpf, relocated, kernel, mismatch, text, cancellation));
        var outcome = new Relocatable(judged.Verdict, judged.Patched, judged.Missing, _changes.Of(relocated.Fixups, text));
        if (_known.TryGetValue(outcome, out var known)) return known;
        // All outcomes of a check are in memory together, so together they have the bound of a report.
        if (Interlocked.Add(ref _characters, text.Taken) > ReportText.MaxCharacters)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, ".BTF.ext", 0, $"what comes of its records on different kernels has more than {ReportText.MaxCharacters} characters");
        return _known.GetOrAdd(outcome, outcome);
    }
}
