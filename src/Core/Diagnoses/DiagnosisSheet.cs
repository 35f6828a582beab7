using System.Globalization;
using System.Text.Json;
using Relo.Core.Report;

namespace Relo.Core.Diagnoses;

/// <summary>The diagnosis of a log for people.</summary>
public static class DiagnosisSheet
{
    /// <summary>The sheet of a diagnosis.</summary>
    /// <param name="diagnosis">The diagnosis.</param>
    /// <param name="name">Name of the object, if it has one.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="kernel">Id of the kernel.</param>
    public static ReadableReport Of(Diagnosis diagnosis, string? name, string digest, string kernel) => new(
        Headline(diagnosis),
        [
            ("object", name is null ? digest : $"{name}, {digest}"), ("kernel", kernel),
            ("log", $"{Counted(diagnosis.Lines, "line")}, {diagnosis.Reporting} with a finding, {diagnosis.NotUnderstood} not understood"),
        ],
        Sections(diagnosis));

    private static string Headline(Diagnosis diagnosis)
    {
        var (findings, guarded) = (diagnosis.Findings.Count, diagnosis.Findings.Count(finding => finding.Reachable == false));
        if (findings == 0) return "Nothing in the log is recognised";
        return Counted(findings, "finding") + (guarded == 0 ? "" : $", {guarded} of them never reached by the verifier");
    }

    private static IEnumerable<ReadableSection> Sections(Diagnosis diagnosis)
    {
        for (var i = 0; i < diagnosis.Findings.Count && i < ReadableReport.MostRows; i++) yield return Section(i, diagnosis.Findings[i]);
        if (diagnosis.Findings.Count - ReadableReport.MostRows is var more and > 0)
            yield return new("Further findings", ["", ""], [["count", $"{more}"]]) { IsNamed = true };
        if (diagnosis.Unknown.Count > 0)
        {
            yield return ReadableSection.OfMany(
                $"Not understood ({diagnosis.NotUnderstood})", ["line", "text"],
                [.. diagnosis.Unknown.Select(line => (IReadOnlyList<string>)[$"{line.Line}", line.Text])])
                with
            { IsFolded = true, IsNamed = true };
        }

        if (diagnosis.Findings.Count > 0) yield break;
        yield return new("Messages that are recognised", ["example"], Diagnosis.Recognised.Select(text => (IReadOnlyList<string>)[text]))
        {
            IsFolded = true,
            IsStacked = true,
        };
    }

    private static ReadableSection Section(int index, Finding finding)
    {
        var kind = JsonNamingPolicy.KebabCaseLower.ConvertName($"{finding.Kind}");
        var line = finding.Lines.Count > 0 ? $", line {finding.Lines[0]}" : "";
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {kind}{line}"), ["", ""],
            [.. Rows(finding).Where(row => row.Text is not null).Select(row => (IReadOnlyList<string>)[row.Name, row.Text!])])
        {
            IsNamed = true,
            Code = finding.Remedy?.Code,
        };
    }

    private static IEnumerable<(string Name, string? Text)> Rows(Finding finding)
    {
        yield return ("log", finding.Text);
        yield return ("what", finding.Local);
        yield return ("why", finding.Explanation);
        yield return ("reached", finding.Reachable switch { null => null, true => "yes: the verifier rejects it", false => "no" });
        yield return ("evidence", finding.Evidence);
        yield return ("since", finding.Since is { } since ? $"Linux {since}" : null);
        yield return ("program", Program(finding));
        yield return ("source", finding.Source is { } source ? $"{source.File}:{source.Line}:{source.Column} {source.Text.Trim()}" : null);
        foreach (var (kind, path, type, evidence) in finding.Proposals)
            yield return ("perhaps", $"{path}{(type is null ? "" : $" ({type})")}, {kind}: {evidence}");
        yield return ("exists on", finding.Elsewhere is { Present.Count: > 0 } there ? Some(there.Present) : null);
        yield return ("missing on", finding.Elsewhere is { Absent.Count: > 0 } elsewhere ? Some(elsewhere.Absent) : null);
        yield return ("remedy", finding.Remedy?.Text);
    }

    private static string? Program(Finding finding)
    {
        if (finding.Program is null && finding.Function is null) return null;
        var function = finding.Function is null ? "" : $", in {finding.Function}";
        return $"{finding.Program}{function}{(finding.Instruction is { } at ? $", instruction {at} of {finding.Section}" : "")}";
    }

    private static string Some(IReadOnlyList<string> kernels)
    {
        const int most = 3;
        return string.Join(", ", kernels.Take(most)) + (kernels.Count > most ? $" and {kernels.Count - most} more" : "");
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
