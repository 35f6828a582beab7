using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Relo.Core.BtfExt;
using Relo.Core.Diagnoses;
using Relo.Core.Objects;

namespace Relo.Conformance.Diagnoses;

/// <summary>Counts of what we read in logs against what libbpf says of the same program.</summary>
public sealed partial class LogComparison
{
    private const string Says = "failed to resolve CO-RE relocation ";

    private readonly Dictionary<string, int> _unknown = new(StringComparer.Ordinal);
    private readonly List<string> _differences = [];
    private int _poisoned, _calls, _missing, _otherwise, _inSubprograms;

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Logs in which the record was found.</summary>
    public int Poisoned => _poisoned;

    /// <summary>Of these, those in a function that the loader appended to the program.</summary>
    public int InSubprograms => _inSubprograms;

    /// <summary>Logs about something missing that was found.</summary>
    public int Missing => _missing;

    /// <summary>Lines that are not understood, by their text without numbers.</summary>
    public IEnumerable<KeyValuePair<string, int>> Unknown => _unknown.OrderByDescending(line => line.Value);

    /// <summary>The access that libbpf names in its log of a program; null if it names none.</summary>
    public static string? Truth(string log) => log.IndexOf(Says, StringComparison.Ordinal) is >= 0 and var at
        ? log[(at + Says.Length)..].Split('\n')[0].Trim()
        : null;

    /// <summary>Compares a log.</summary>
    /// <param name="where">The object and program.</param>
    /// <param name="on">The object on the running kernel.</param>
    /// <param name="log">The log.</param>
    /// <param name="truth">The access that libbpf names; null if none is poisoned.</param>
    public void Add(string where, DiagnosedKernel on, string log, string? truth)
    {
        // libbpf's own words are the judge, so we must do without them.
        var lines = log.Split('\n').Where(line => !line.Contains(Says, StringComparison.Ordinal));
        var diagnosis = Diagnoser.Diagnose(on, Encoding.UTF8.GetBytes(string.Join('\n', lines)), []);
        foreach (var line in diagnosis.Unknown)
        {
            var key = Digits().Replace(line.Text, "N");
            _unknown[key] = _unknown.GetValueOrDefault(key) + 1;
        }

        var poisoned = diagnosis.Findings.Where(finding => finding.Kind == FindingKind.PoisonedRelocation).ToList();
        if (truth is not null) AddPoisoned(where, on.Bpf, poisoned, truth);
        else if (poisoned.Count > 0) AddCall(where, poisoned);
        else if (Something().IsMatch(log)) AddMissing(where, on.Bpf, diagnosis, log);
        else _otherwise++;
    }

    private void AddPoisoned(string where, BpfObject bpf, List<Finding> poisoned, string truth)
    {
        var found = poisoned.SelectMany(finding => finding.Relocations.Select(record => TextOf(bpf, record, finding.Local!))).Distinct()
            .ToList();
        if (poisoned.Count != 1 || found is not [var only] || only != truth)
            _differences.Add($"{where}: libbpf says {truth}, we: {poisoned.Count} findings, {string.Join(" or ", found)}");
        else if (poisoned[0] is { Reason: null } or { Remedy.Code: null }) _differences.Add($"{where}: {truth} has no reason or remedy");
        else _poisoned++;
        if (poisoned is [{ Function: not null }]) _inSubprograms++;
    }

    // bpf_core_unreachable() is a call without a record.
    private void AddCall(string where, List<Finding> poisoned)
    {
        if (poisoned.Any(finding => finding.Relocations.Count > 0))
            _differences.Add($"{where}: a record where libbpf knows none: {poisoned[0].Local}");
        else _calls++;
    }

    private void AddMissing(string where, BpfObject bpf, Diagnosis diagnosis, string log)
    {
        if (diagnosis.Findings.Any(IsIt)) _missing++;
        else _differences.Add(
            $"{where}: nothing found for {Something().Match(log).Value}; {string.Join(", ", diagnosis.Findings.Select(f => f.Local))}");

        // The verifier names no kernel function, so the one that we name must be one that the object calls.
        bool IsIt(Finding finding) => finding.Local is { } local && finding.Kind switch
        {
            FindingKind.Helper =>
                log.Contains($"#{local["helper ".Length..]}", StringComparison.Ordinal) || log.Contains(local, StringComparison.Ordinal),
            FindingKind.Kfunc => bpf.Elf.Symbols.Any(symbol => symbol is { Section: 0 } && symbol.Name == local),
            _ => log.Contains(local.Replace("bpf_iter_", "", StringComparison.Ordinal), StringComparison.Ordinal),
        };
    }

    private static string TextOf(BpfObject bpf, int record, string local)
    {
        var relo = bpf.Records[record].Relo;
        return $"<{relo.Kind.LibbpfName()}> [{relo.TypeId}] {local}";
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            "| record found as libbpf names it | of these in an appended function | call without a record | missing target, helper or "
                + "function found | other refusals | differences |");
        text.AppendLine("|--:|--:|--:|--:|--:|--:|");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {_poisoned:N0} | {_inSubprograms:N0} | {_calls:N0} | {_missing:N0} | {_otherwise:N0} | {_differences.Count} |\n");
        foreach (var (line, count) in Unknown.Take(40))
            text.AppendLine(CultureInfo.InvariantCulture, $"not understood {count} times: `{line}`\n");
        return text.ToString();
    }

    // What libbpf, cilium/ebpf and the verifier say of things that the kernel lacks.
    [GeneratedRegex("failed to find kernel BTF type ID of|not found in kernel|unknown func |invalid func unknown#(?!195896080)|not eliminated in verifier pass|is referenced but wasn't resolved")]
    private static partial Regex Something();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
