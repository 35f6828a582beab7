namespace Relo.Api.Commands;

/// <summary>What the program is asked to do: its first word, unless that is already a setting (<c>--Archive:Root=/data</c>).</summary>
/// <param name="Verb">The command.</param>
/// <param name="Arguments">What belongs to the command.</param>
/// <param name="Settings">The rest, which is configuration.</param>
internal sealed record CommandLine(Verb Verb, IReadOnlyList<string> Arguments, string[] Settings)
{
    /// <summary>What to print when the words make no sense.</summary>
    public const string Usage = """
        usage: Relo.Api [command] [--Section:Setting=value ...]
          serve            answer HTTP (the default)
          import <path>    add the kernels of a file or a folder in BTFHub's layout
          list             print the kernels of the archive
          verify           check every stored file and row; exit status 0 or 1
          prune            remove BTF that no kernel has; --upstream: and kernels fetched from the upstream archive;
                           --objects: and objects without a tag; --dry-run: only say what would go
          export <dir>     write the kernels out in BTFHub's layout
          backup <dir>     copy the whole state, also while the service runs, to a folder that can take the place of Archive:Root
          --health         ask the service on this machine whether it is ready; exit status 0 or 1
        """;

    /// <summary>Takes the words apart.</summary>
    public static CommandLine Parse(string[] args) => args switch
    {
        [] => new(Verb.Serve, [], []),
        ["--health", .. var rest] => new(Verb.Health, [], rest),
        ["--help" or "-h" or "help", ..] => new(Verb.Help, [], []),
        [['-' or '/', ..], ..] => new(Verb.Serve, [], args),
        [var setting, ..] when setting.Contains('=', StringComparison.Ordinal) => new(Verb.Serve, [], args),
        ["serve", .. var rest] => new(Verb.Serve, [], rest),
        ["import", var path, .. var rest] when !path.StartsWith('-') => new(Verb.Import, [path], rest),
        ["list", .. var rest] => new(Verb.List, [], rest),
        ["verify", .. var rest] => new(Verb.Verify, [], rest),
        ["prune", .. var rest] => new(Verb.Prune, [.. rest.Where(PruneCommand.Options.Contains)], [.. rest.Where(word => !PruneCommand.Options.Contains(word))]),
        ["export", var folder, .. var rest] when !folder.StartsWith('-') => new(Verb.Export, [folder], rest),
        ["backup", var folder, .. var rest] when !folder.StartsWith('-') => new(Verb.Backup, [folder], rest),
        _ => new(Verb.Unknown, args, []),
    };
}

/// <summary>The commands.</summary>
internal enum Verb
{
    /// <summary>Answer HTTP.</summary>
    Serve,

    /// <summary>Add kernels.</summary>
    Import,

    /// <summary>Print kernels.</summary>
    List,

    /// <summary>Check what is stored.</summary>
    Verify,

    /// <summary>Remove what is not needed.</summary>
    Prune,

    /// <summary>Write kernels out.</summary>
    Export,

    /// <summary>Copy the state.</summary>
    Backup,

    /// <summary>Ask the running service.</summary>
    Health,

    /// <summary>Print the usage.</summary>
    Help,

    /// <summary>None of these.</summary>
    Unknown,
}
