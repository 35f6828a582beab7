using Relo.Api.Http.Parameters;
using Relo.Api.Relocations;
using Relo.Api.Spelling;

namespace Relo.Api.Commands;

/// <summary>Options of the commands that do the work of a route without a server.</summary>
internal static class OfflineFlags
{
    /// <summary>The names of the options.</summary>
    public const string KernelId = "--kernel", KernelPattern = "--kernels", BtfFile = "--btf", ModuleFile = "--module-btf",
        OutputFile = "-o", ReportForm = "--report", Outcomes = "--fail-on", Log = "--log";

    /// <summary>Options that read kernels from files.</summary>
    public static IReadOnlyList<CommandOption> Files { get; } =
    [
        new(BtfFile, "<file>", "a kernel file instead: raw BTF, .btf.tar.xz, vmlinux, bzImage, .deb, .rpm", MayRepeat: true),
        new(ModuleFile, "<file>", "with --btf: a module of the last such kernel, a .ko or raw split BTF", MayRepeat: true),
    ];

    /// <summary>Options of <c>relocate</c> and <c>check</c>.</summary>
    public static IReadOnlyList<CommandOption> Common { get; } =
    [
        .. Files,
        (Outcomes, "<outcomes>", "broken, poisoned, absent, or several separated by commas: exit status 4 for these"),
    ];

    /// <summary>The value of an option that is given at most once; null without it.</summary>
    public static string? Value(this CommandLine command, string option) =>
        command.Values.FirstOrDefault(value => value.Option == option).Value;

    /// <summary>The values of an option.</summary>
    public static IReadOnlyList<string> All(this CommandLine command, string option) =>
        [.. command.Values.Where(value => value.Option == option).Select(value => value.Value)];

    /// <summary>The outcomes to fail on.</summary>
    public static FailOn FailOnOf(this CommandLine command, FailOn otherwise) =>
        command.Value(Outcomes) is { } text ? FailOnRule.Parse(text) : otherwise;

    /// <summary>What is wrong with the values of the options; null if nothing is.</summary>
    public static string? Fault(CommandLine command)
    {
        var isCheck = command.Verb == Verb.Check;
        var named = isCheck ? KernelPattern : KernelId;
        var files = command.All(BtfFile);
        return command.Value(named) is null == (files.Count == 0) ? $"{command.Command!.Name} needs either {named} or {BtfFile}"
            : command.Verb == Verb.Diagnose && command.Value(Log) is null ? $"diagnose needs {Log}"
            : command.Value(Log) == ObjectFile.Standard && command.Arguments[0] == ObjectFile.Standard
                ? "the object and the log are both standard input"
            : command.Value(ModuleFile) is not null && files.Count == 0 ? $"{ModuleFile} needs {BtfFile}"
            : !isCheck && files.Count > 1 ? $"{BtfFile} is given several times, expected one kernel"
            : command.Value(OutputFile) == ObjectFile.Standard && command.Value(ReportForm) is not null
                ? $"{OutputFile} - and {ReportForm} both write to standard output"
            : WordFault(TypesCommand.Kind, command.Value(TypesCommand.Kind), Core.Layouts.NamedTypes.KindWords)
                ?? WordFault(ReportForm, command.Value(ReportForm), FormsOf(command.Verb))
                ?? command.Value(Outcomes)?.Split(',').Select(word => WordFault(Outcomes, word, WordsOf<FailOn>.All))
                    .FirstOrDefault(fault => fault is not null)
                ?? (command.Value(KernelPattern) is { } pattern ? KernelGlob.Fault(pattern) : null);
    }

    /// <summary>Whether a command does the work of a route without a server.</summary>
    public static bool IsOffline(this Verb verb) => verb is Verb.Relocate or Verb.Check or Verb.Diagnose or Verb.Types;

    private static string[] FormsOf(Verb verb) => verb switch
    {
        Verb.Check => ["text", "json", "markdown", "sarif"],
        Verb.Types => ["text", "json"],
        _ => ["text", "json", "markdown"],
    };

    private static string? WordFault(string option, string? word, IReadOnlyList<string> words) =>
        word is null || words.Contains(word) ? null
        : $"{option} is '{word}', expected {string.Join(" or ", words)}{Suggestion.Question(Suggestion.For(word, words))}";
}
