using Relo.Api.Settings;
using Relo.Api.Spelling;

namespace Relo.Api.Commands;

/// <summary>The parsed command line. The first word is the command, unless it is a setting (<c>--Archive:Root=/data</c>).</summary>
/// <param name="Command">The command; null if the command line is invalid.</param>
/// <param name="Arguments">The command's argument and options.</param>
/// <param name="Settings">The rest, which is configuration.</param>
internal sealed record CommandLine(Command? Command, IReadOnlyList<string> Arguments, string[] Settings)
{
    private const string HelpOption = "--help", VersionOption = "--version";

    /// <summary>The options of the command that have a value, in order.</summary>
    public IReadOnlyList<(string Option, string Value)> Values { get; private init; } = [];

    /// <summary>The error in the command line.</summary>
    public string? Fault { get; private init; }

    /// <summary>The action.</summary>
    public Verb Verb => Command?.Verb ?? Verb.Unknown;

    /// <summary>Parses the command line.</summary>
    public static CommandLine Parse(string[] args)
    {
        if (args is ["help", .. var topic]) args = [.. topic, HelpOption];
        if (Array.Exists(args, word => word is HelpOption or "-h" or "-?"))
            return new(Find(HelpOption), args.Length > 1 && Find(args[0]) is { } about ? [about.Help] : [Command.Usage], []);
        if (args.Contains(VersionOption)) return new(Find(VersionOption), [], []);
        if (args.Length > 0 && Find(args[0]) is { } command) return Words(command, args[1..]);
        return args is [var first, ..] && !IsSetting(first) && first is not ['-' or '/', ..]
            ? Refused($"there is no command {(first.Length == 0 ? "''" : first)}"
                + Suggestion.Question(Suggestion.For(first, Command.All.Select(c => c.Name))))
            : Words(Find("serve")!, args);
    }

    private static CommandLine Words(Command command, string[] words)
    {
        List<string> arguments = [], settings = [];
        List<(string Option, string Value)> values = [];
        var missing = command.Argument;
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (Valued(command, word) is { } option)
            {
                if (Take(option, words, ref i, values) is { } wrong) return Refused(wrong);
            }
            else if (command.Options.Any(o => o.Name == word))
            {
                arguments.Add(word);
            }
            else if (missing is not null && word is not "" and (ObjectFile.Standard or not ['-', ..]))
            {
                arguments.Add(word);
                missing = null;
            }
            else if (IsSetting(word))
            {
                settings.Add(word);
            }
            else if (IsNameOfSetting(word))
            {
                if (i + 1 == words.Length || words[i + 1] is ['-', '-', ..]) return Refused($"{word} has no value");
                settings.Add($"{word}={words[++i]}");
            }
            else
            {
                return Refused(Unknown(command, word));
            }
        }

        missing ??= command.Options.FirstOrDefault(o => o.IsRequired && !values.Exists(v => v.Option == o.Name))?.Usage;
        if (missing is not null) return Refused($"{command.Name} needs {missing}");
        var parsed = new CommandLine(command, arguments, [.. settings]) { Values = values };
        return command.Verb.IsOffline() && OfflineFlags.Fault(parsed) is { } fault ? Refused(fault) : parsed;
    }

    // Adds the value of the option at words[i], which may be the next word. Returns what is wrong with it.
    private static string? Take(CommandOption option, string[] words, ref int i, List<(string Option, string Value)> values)
    {
        var inWord = words[i].Length > option.Name.Length;
        if (!inWord && (i + 1 == words.Length || words[i + 1] is ['-', _, ..])) return $"{option.Name} needs {option.Value}";
        var value = inWord ? words[i][(option.Name.Length + 1)..] : words[++i];
        if (value.Length == 0) return $"{option.Name} needs {option.Value}";
        if (!option.MayRepeat && values.Exists(v => v.Option == option.Name)) return $"{option.Name} is given twice";
        values.Add((option.Name, value));
        return null;
    }

    private static string Unknown(Command command, string word)
    {
        if (!word.StartsWith('-'))
            return $"{command.Name} does not accept '{word}'{(command.Argument is null ? "" : $": it takes one {command.Argument}")}";
        var options = command.Options.Select(o => o.Name).Concat([HelpOption, VersionOption, "--health"]);
        var suggestion = Suggestion.For(word, options)
            ?? (KnownSettings.SuggestionFor(word.TrimStart('-')) is { } setting ? $"--{setting}=value" : null);
        return $"{command.Name} has no option {word}{Suggestion.Question(suggestion)}";
    }

    // --option value, or --option=value
    private static CommandOption? Valued(Command command, string word) => command.Options
        .FirstOrDefault(o => o.Value is not null && (o.Name == word || word.StartsWith(o.Name + '=', StringComparison.Ordinal)));

    private static Command? Find(string word) => Command.Find(word);

    // SettingsCheck validates it together with the settings of the other sources.
    private static bool IsSetting(string word) =>
        word.IndexOf('=', StringComparison.Ordinal) > 0 && (!word.StartsWith('-') || word.StartsWith("--", StringComparison.Ordinal));

    // Its value is the next word.
    private static bool IsNameOfSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && (KnownSettings.Has(word[2..]) || SettingsCheck.IsOfFramework(word[2..]));

    private static CommandLine Refused(string fault) => new(null, [], []) { Fault = fault };
}
