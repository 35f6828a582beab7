using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Conformance.Diagnoses;
using Relo.Conformance.Generated;
using Relo.Conformance.MinimalBtf;
using Relo.Conformance.Running;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// Logs of bpftool at its debug level, of objects that the running kernel refuses: the originals, the relocated ones, and ones that were
/// relocated for another kernel. A sixth of the corpus; all of it with RELO_ALL_LOGS=1, which takes minutes.
/// </summary>
public sealed partial class BpftoolLogTests : IDisposable
{
    private const string Poison = "invalid func unknown#195896080";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _differences = [];
    private int _logs, _substituted, _refused, _refusedOnOther;

    [Fact]
    public async Task Each_line_about_an_access_without_a_target_is_mapped_to_the_record_that_libbpf_names()
    {
        RunningKernel.Require();
        Assert.SkipWhen(Bpftool.Path is null, "bpftool is not installed");
        Assert.SkipUnless(Directory.Exists("/sys/fs/bpf"), "there is no /sys/fs/bpf");
        var step = Environment.GetEnvironmentVariable("RELO_ALL_LOGS") is { Length: > 0 } ? 1 : 6;
        var other = Kernel.All.LastOrDefault(kernel => kernel is { Line: "5.10", Architecture: "x86_64" });
        var older = other is null ? null : BtfReader.Read(await File.ReadAllBytesAsync(other.Path, Patience));
        using var bpftool = new BpftoolLoader();
        foreach (var bpf in CorpusObject.All.Where(bpf => !bpf.IsBigEndian).Where((_, i) => i % step == 0))
        {
            var opened = BpfObject.Read(bpf.Bytes);
            if (Relocator.Relocate(opened, RunningKernel.Types, Patience) is not Relocated relocated) continue;
            var on = new DiagnosedKernel(opened, RunningKernel.Types, relocated, null);
            var original = await bpftool.LogAsync(bpf.Path, Patience) is { } log ? DebugLog.Read(log) : null;
            if (original is not null) CheckOriginal(bpf.Name, on, original);
            if (await bpftool.LogAsync(Written(relocated), Patience) is { } after)
                CheckRefused($"{bpf.Name} relocated", on, after, original?.Refused?.Access);
            if (older is null || Relocator.Relocate(opened, older, Patience) is not Relocated elsewhere) continue;
            if (await bpftool.LogAsync(Written(elsewhere), Patience) is { } foreign)
                CheckPlace($"{bpf.Name} relocated for {other!.Id}", new(opened, older, elsewhere, null), foreign);
        }

        Assert.SkipWhen(_logs == 0, "there are no objects here");
        Summary.Put("9 logs of bpftool", string.Create(CultureInfo.InvariantCulture, $"""
            ### Logs of refused objects, by bpftool -d

            | logs | lines about an access without a target | programs refused for one | the same, relocated for {other?.Id} | differences |
            |--:|--:|--:|--:|--:|
            | {_logs:N0} | {_substituted:N0} | {_refused:N0} | {_refusedOnOther:N0} | {_differences.Count} |

            """));
        Assert.True(_differences.Count == 0, $"{_differences.Count} differences:\n{string.Join('\n', _differences.Take(60))}");
        Assert.True(
            _substituted > 0 && _refused > 0 && (older is null || _refusedOnOther > 0), "too little was refused: the comparison cannot fail");
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    private string Written(Relocated relocated) => _folder.Write("relocated.bpf.o", relocated.PatchedBytes.ToArray());

    private void CheckOriginal(string where, DiagnosedKernel on, DebugLog log)
    {
        _logs++;
        var findings = Findings(on, string.Join('\n', log.Lines));
        foreach (var (line, access) in log.Substituted)
        {
            _substituted++;
            Compare($"{where}, line {line}", on.Bpf, findings.Where(finding => finding.Lines.Contains(line)), access);
        }

        if (log.Refused is not var (at, refused)) return;
        _refused++;
        Compare($"{where}, line {at}", on.Bpf, findings.Where(finding => finding.Lines.Contains(at)), refused);
    }

    /// <summary>The relocated object names no access: libbpf's log of the original does.</summary>
    private void CheckRefused(string where, DiagnosedKernel on, string log, string? access)
    {
        _logs++;
        var findings = Findings(on, log).Where(finding => finding.Kind == FindingKind.PoisonedRelocation).ToList();
        if (access is null != (findings.Count == 0))
            _differences.Add($"{where}: {findings.Count} findings, libbpf says {access ?? "nothing"}");
        else if (access is not null) Compare(where, on.Bpf, findings, access);
        if (access is not null) _refused++;
    }

    /// <summary>No loader names the access of an object made for another kernel, but the verifier names its instruction.</summary>
    private void CheckPlace(string where, DiagnosedKernel on, string log)
    {
        _logs++;
        if (!log.Contains(Poison, StringComparison.Ordinal)) return;
        _refusedOnOther++;
        var program = RefusedProgram().Match(log).Groups[1].Value;
        var instruction = int.Parse(PoisonedCall().Match(log).Groups[1].Value, CultureInfo.InvariantCulture);
        var function = on.Bpf.Programs.Single(one => one.Name == program && !one.IsSubprogram);
        var found = Findings(on, log).Where(finding => finding.Kind == FindingKind.PoisonedRelocation).ToList();
        var isAppended = instruction >= function.InstructionCount; // in a function of its own, whose place only the loader knows
        if (found is not [{ Relocations: [_, ..] records, Program: { } named } finding] || named != program
            || isAppended != finding.Function is not null)
            _differences.Add($"{where}: {program} is refused at {instruction}, we: {string.Join(" or ", found)}");
        else if (!isAppended && records.Any(record => Place(record) != function.FirstInstruction + instruction))
            _differences.Add($"{where}: {program} is refused at {instruction}, our record is at {Place(records[0])}");

        long Place(int record) => on.Bpf.Records[record].Instruction;
    }

    private static IReadOnlyList<Finding> Findings(DiagnosedKernel on, string log) =>
        Diagnoser.Diagnose(on, Encoding.UTF8.GetBytes(log), [], Patience).Findings;

    private void Compare(string where, BpfObject bpf, IEnumerable<Finding> findings, string access)
    {
        string[] found =
            [.. findings.SelectMany(finding => finding.Relocations.Select(record => TextOf(bpf, record, finding.Local!))).Distinct()];
        if (found is not [var only] || only != access)
            _differences.Add($"{where}: libbpf says {access}, we: {string.Join(" or ", found)}");
    }

    private static string TextOf(BpfObject bpf, int record, string local)
    {
        var relo = bpf.Records[record].Relo;
        return $"<{relo.Kind.LibbpfName()}> [{relo.TypeId}] {local}";
    }

    [GeneratedRegex(@"^libbpf: prog '([^']+)': BPF program load failed", RegexOptions.Multiline)]
    private static partial Regex RefusedProgram();

    [GeneratedRegex(@"^(\d+): \(85\) call unknown#195896080", RegexOptions.Multiline)]
    private static partial Regex PoisonedCall();
}
