using System.Globalization;
using System.Text.RegularExpressions;

namespace Relo.Conformance.Diagnoses;

/// <summary>A log of libbpf at its debug level: it names each record that it relocates, so it judges itself what has no target.</summary>
public sealed partial class DebugLog
{
    private const string Says = "failed to resolve CO-RE relocation ";

    private DebugLog(string[] lines) => Lines = lines;

    /// <summary>Its lines without libbpf's own words about the refused access.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The access for which the verifier refused the program, and the line before, which a diagnosis must map to it.</summary>
    public (int Line, string Access)? Refused { get; private set; }

    /// <summary>The lines about an instruction without a target, each with the access that libbpf names.</summary>
    public Dictionary<int, string> Substituted { get; } = [];

    /// <summary>Reads it.</summary>
    public static DebugLog Read(string text)
    {
        var log = new DebugLog(text.Split('\n'));
        var accesses = new Dictionary<(string, int), string>();
        for (var i = 0; i < log.Lines.Count; i++)
        {
            if (Access().Match(log.Lines[i]) is { Success: true } access) accesses.TryAdd(Key(access), access.Groups["access"].Value);
            else if (Poison().Match(log.Lines[i]) is { Success: true } poison) log.Substituted[i + 1] = accesses[Key(poison)];
            else if (log.Lines[i].StartsWith(Says, StringComparison.Ordinal)) log.Refused = (i, log.Lines[i][Says.Length..].Trim());
        }

        for (var i = 0; i < log.Lines.Count; i++)
            if (log.Lines[i].StartsWith(Says, StringComparison.Ordinal)) ((string[])log.Lines)[i] = "";
        return log;
    }

    private static (string, int) Key(Match match) =>
        (match.Groups["program"].Value, int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^libbpf: prog '(?<program>[^']+)': relo #(?<n>\d+): (?<access><\w+> \[\d+\] .*)$")]
    private static partial Regex Access();

    [GeneratedRegex(@"^libbpf: prog '(?<program>[^']+)': relo #(?<n>\d+): substituting insn #\d+ w/ invalid insn$")]
    private static partial Regex Poison();
}
