using System.Globalization;
using System.Text.RegularExpressions;

namespace Relo.Core.Diagnoses;

/// <summary>
/// Reads the log of a loader or of the verifier, line by line. It knows which program the lines are about and which instruction
/// the verifier was at; everything else is mapped later, with the object at hand.
/// </summary>
internal sealed class LogReader
{
    // Each is resolved against the object; a log that reports more repeats itself.
    private const int MaxMessages = 1000;
    private const int MaxShown = 200;
    private const string Unresolved = "failed to resolve CO-RE relocation ";

    // libbpf: "prog 'p': "; cilium/ebpf: "program p: load program: ", "field P: program p: "
    private static readonly Regex Program = Make(
        @"prog '(?<name>[^']+)': |program (?<name>[A-Za-z0-9_.]+): (?:load program|attach|map|program|apply|fixup|relocat|CO-RE|[a-z]+)");

    // "12: (85) call unknown#195896080", "12: <invalid CO-RE relocation>"
    private static readonly Regex Instruction = Make(@"(?:^|[^0-9A-Za-z_.])(?<at>[0-9]{1,7}): \((?<op>[0-9a-f]{2})\) ");
    private static readonly Regex Replaced = Make(@"(?:^|[^0-9A-Za-z_.])(?<at>[0-9]{1,7}): <invalid ");

    private readonly List<LogMessage> _messages = [];
    private readonly List<LogLine> _unknown = [];
    private VerifierTrace _trace = new(null);
    private bool _isEnded;

    /// <summary>What the log reports.</summary>
    public IReadOnlyList<LogMessage> Messages => _messages;

    /// <summary>The first lines that are not understood.</summary>
    public IReadOnlyList<LogLine> Unknown => _unknown;

    /// <summary>The number of lines.</summary>
    public int Lines { get; private set; }

    /// <summary>The number of lines that are not understood.</summary>
    public int UnknownCount { get; private set; }

    /// <summary>The number of lines that report something.</summary>
    public int MessageCount { get; private set; }

    /// <summary>Reads a log.</summary>
    public static LogReader Read(ReadOnlyMemory<byte> log, CancellationToken cancellation)
    {
        var reader = new LogReader();
        foreach (var line in LogText.Lines(log))
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Lines = line.Number;
            reader.Take(line);
        }
        return reader;
    }

    private void Take(LogLine line)
    {
        var text = line.Text;
        if (text.Contains("-- BEGIN PROG LOAD LOG --", StringComparison.Ordinal)) _trace = new(NameIn(text) ?? _trace.Program);
        else if (NameIn(text) is { } name && name != _trace.Program) _trace = new(name);
        else if (_isEnded && Instruction.IsMatch(text)) _trace = new(null);
        _isEnded = text.TrimStart().StartsWith("processed ", StringComparison.Ordinal)
            || text.Contains("-- END PROG LOAD LOG --", StringComparison.Ordinal);
        if (Instruction.Match(text) is { Success: true } shown)
            _trace.Add(Number(shown.Groups["at"].Value)!.Value,
                byte.Parse(shown.Groups["op"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        else if (Replaced.Match(text) is { Success: true } replaced) _trace.MoveTo(Number(replaced.Groups["at"].Value)!.Value);
        if (_trace.Last is not null) DropRemarks();

        if (text.IndexOf(Unresolved, StringComparison.Ordinal) is >= 0 and var at) TakeSpec(line, text[(at + Unresolved.Length)..].Trim());
        else if (LogForms.All.Select(form => (form, Match: form.Match(text)))
            .FirstOrDefault(found => found.Match is not null) is (var form, { } match))
            Add(Message(line, form.Kind, match));
        else if (!LogContext.Is(text)) AddUnknown(line);
    }

    // The verifier complains about the arguments of every program and continues: an error only if nothing follows.
    private void DropRemarks()
    {
        if (_messages.LastOrDefault() is not { Kind: FindingKind.IncompleteType } last || last.Trace != _trace) return;
        MessageCount -= 1 + last.Repeats.Count;
        _messages.RemoveAt(_messages.Count - 1);
    }

    private LogMessage Message(LogLine line, FindingKind kind, Match match)
    {
        if (match.Groups["program"] is { Success: true, Value: var program } && program != _trace.Program) _trace = new(program);
        var isOfVerifier = kind is FindingKind.PoisonedRelocation or FindingKind.Helper or FindingKind.Kfunc or FindingKind.MapValueAccess
            or FindingKind.ContextAccess or FindingKind.StructAccess;
        var number = Number(match.Groups["n"].Value);
        return new(line, kind, _trace)
        {
            // The verifier shows an instruction, then what is wrong with it. A summary has the message alone.
            Instruction = Number(match.Groups["at"].Value)
                ?? (isOfVerifier && !match.Groups["program"].Success ? _trace.Last?.Index : null),
            Name = match.Groups["name"] is { Success: true, Value: var name } ? name : null,
            Number = number,
        };
    }

    // libbpf writes it right after "<invalid CO-RE relocation>".
    private void TakeSpec(LogLine line, string spec)
    {
        if (_messages.LastOrDefault() is { Kind: FindingKind.PoisonedRelocation, Spec: null } last && last.Trace == _trace
            && last.Line.Number >= line.Number - 1)
        {
            MessageCount++;
            last.Spec = spec;
            last.Repeats.Add(line.Number);
            return;
        }
        Add(new(line, FindingKind.PoisonedRelocation, _trace) { Instruction = _trace.Last?.Index, Spec = spec });
    }

    private void Add(LogMessage message)
    {
        // libbpf reports a record twice: the cause, then the line that ends every such message.
        var same = _messages.FindLast(known => known.Kind == message.Kind && known.Trace == message.Trace && known.Name == message.Name
            && known.Number == message.Number
                && (known.Instruction == message.Instruction || message.Kind == FindingKind.RelocationFailed));
        if (same is null && _messages.Count == MaxMessages)
        {
            // It has no finding, so it is listed with the lines that have none.
            AddUnknown(message.Line);
            return;
        }
        MessageCount++;
        if (same is null) _messages.Add(message);
        else same.Repeats.Add(message.Line.Number);
    }

    private void AddUnknown(LogLine line)
    {
        UnknownCount++;
        if (_unknown.Count < MaxShown) _unknown.Add(line);
    }

    private static string? NameIn(string text) =>
        text.Contains("prog", StringComparison.Ordinal) && Program.Match(text) is { Success: true } match
        ? match.Groups["name"].Value
        : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    private static Regex Make(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
