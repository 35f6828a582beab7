using System.Globalization;
using System.Text;
using Relo.Core.Report;

namespace Relo.Conformance.Running;

/// <summary>What cilium/ebpf loads of the corpus without kernel BTF, and why it does not load the rest.</summary>
public sealed class CiliumTally
{
    /// <summary>What Debian's cilium/ebpf 0.9.1 does not support, with any relocator: part of its message, and what it means.</summary>
    private static readonly (string Part, string Reason)[] Exceptions =
    [
        ("reference to .kconfig: not supported", "no values of the kernel's configuration (`.kconfig`)"),
        ("reference to .ksyms: not supported", "no addresses of kernel symbols (`.ksyms`)"),
        ("unsupported binding: STB_WEAK", "no weak functions"),
        ("unknown kind: Unknown (19)", "no `ENUM64` in the object's own BTF"),
    ];

    private readonly SortedDictionary<string, int> _excepted = new(StringComparer.Ordinal);
    private int _programs, _needing, _originals, _relocated, _notByLibbpf;

    /// <summary>Programs that load relocated and do not load as they are.</summary>
    public int Freed { get; private set; }

    public List<string> Wrong { get; } = [];

    public void Add(
        RunningRun.Subject subject, ProgramReport program,
        IReadOnlyDictionary<(string Path, string Program), LoadResult> byLibbpf,
        IReadOnlyDictionary<(string Path, string Program), LoadResult> originals,
        IReadOnlyDictionary<(string Path, string Program), LoadResult> relocated)
    {
        _programs++;
        var before = Of(originals, subject.Object.Path, program.Name);
        var after = Of(relocated, subject.RelocatedPath, program.Name);
        if (before.Loads) _originals++;
        if (after.Loads) _relocated++;
        if (after.Loads && !before.Loads) Freed++;
        if (after.Loads) return;
        if (program.NeedsKernelBtf) _needing++;
        else if (!Of(byLibbpf, subject.RelocatedPath, program.Name).Loads) _notByLibbpf++;
        else if (Exceptions.FirstOrDefault(
            exception => after.Why.Contains(exception.Part, StringComparison.Ordinal)) is { Reason: { } reason })
            _excepted[reason] = _excepted.GetValueOrDefault(reason) + 1;
        else Wrong.Add($"{subject.Object.Name}, program {program.Name}: {after.Why}");
    }

    private static LoadResult Of(IReadOnlyDictionary<(string Path, string Program), LoadResult> results, string path, string program) =>
        results.TryGetValue((path, program), out var result) || results.TryGetValue((path, "-"), out result)
            ? result
            : new(-1, "the loader does not know this program");

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine("### cilium/ebpf, kernel BTF hidden\n");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{_programs} programs: {_originals} load as they are, {_relocated} relocated ({Freed} only then).");
        text.Append(CultureInfo.InvariantCulture, $"Of the rest {_needing} need kernel BTF by our word, ");
        text.AppendLine(CultureInfo.InvariantCulture, $"{_notByLibbpf} libbpf does not load here either; {Wrong.Count} are unexplained.\n");
        if (_excepted.Count == 0) return text.ToString();
        text.AppendLine("| what cilium/ebpf 0.9.1 does not know, relocated or not | programs |\n|---|--:|");
        foreach (var (reason, count) in _excepted) text.AppendLine(CultureInfo.InvariantCulture, $"| {reason} | {count} |");
        return text.ToString();
    }
}
