namespace Relo.Api.Commands;

/// <summary>One command of the program.</summary>
/// <param name="Verb">The action.</param>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Argument">Its required argument; null without one.</param>
/// <param name="Summary">Its description, in one line.</param>
/// <param name="Options">Its options, with their descriptions.</param>
internal sealed record Command(Verb Verb, string Name, string? Argument, string Summary,
    params IReadOnlyList<CommandOption> Options)
{
    private const string Program = "Relo.Api", Settings = "[--Section:Setting=value ...]";

    /// <summary>All commands, in the order of the help.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new(Verb.Serve, "serve", null, "answer HTTP (the default)"),
        new(Verb.Import, "import", "<path>", "add the kernels of a file, a packed archive or a folder in BTFHub's layout"),
        new(Verb.Sync, "sync", "<source>", "fetch the kernels of a source in the settings, or of 'all', that are not here",
            (SyncCommand.Match, "<pattern>", "only these: '6.1.*', or 'debian/12/*/6.1.*'"),
            (SyncCommand.Since, "<date>", "only kernels whose file has this date or a later one"),
            (SyncCommand.DryRun, "only print what would be fetched")),
        new(Verb.List, "list", null, "print the kernels of the archive"),
        new(Verb.Verify, "verify", null, "check every stored file and row; exit status 0 or 1"),
        new(Verb.Prune, "prune", null, "remove BTF that no kernel uses",
            (PruneCommand.Upstream, "also kernels that were fetched from the upstream archive"),
            (PruneCommand.Objects, "also objects without a tag"),
            (PruneCommand.DryRun, "only print what would be removed")),
        new(Verb.Export, "export", "<path>", "export the kernels to a folder in BTFHub's layout, or to one packed file",
            (ExportCommand.Packed, "one file with modules too, most kernels as differences; import reads it")),
        new(Verb.Backup, "backup", "<dir>", "copy the whole state, even while the service runs, to a folder that can replace "
            + "Archive:Root"),
        new(Verb.Migrate, "migrate", null, "copy everything to the archive that a settings file describes, with any database and store",
            [new(MigrateCommand.To, "<settings.json>", "the settings file of the archive to copy to", IsRequired: true)]),
        new(Verb.Relocate, "relocate", "<object>", "relocate an object, without a server ('-' is standard input)",
            [(OfflineFlags.KernelId, "<id>", "a kernel of the archive, in any form that the service accepts"),
            .. OfflineFlags.Common,
            (OfflineFlags.OutputFile, "<file>", "where to write the relocated object ('-' is standard output)"),
            (OfflineFlags.ReportForm, "text|json|markdown", "the report to print; the default is text, or none with -o")]),
        new(Verb.Check, "check", "<object>", "check an object on kernels, without a server ('-' is standard input)",
            [(OfflineFlags.KernelPattern, "<pattern>", "kernels of the archive: '5.4.*', 'ubuntu/*/x86_64/*', '*'"),
            .. OfflineFlags.Common,
            (OfflineFlags.ReportForm, "text|json|markdown|sarif", "the report to print; the default is text")]),
        new(Verb.Diagnose, "diagnose", "<object>", "explain the log of a loader or of the verifier, without a server",
            [(OfflineFlags.Log, "<file>", "the log ('-' is standard input)"),
            (OfflineFlags.KernelId, "<id>", "the kernel that wrote the log: one of the archive, in any form that the service accepts"),
            .. OfflineFlags.Files,
            (OfflineFlags.ReportForm, "text|json|markdown", "the report to print; the default is text")]),
        new(Verb.Types, "types", "<name>", "print a type of a kernel with its offsets, without a server",
            [(OfflineFlags.KernelId, "<id>", "a kernel of the archive, in any form that the service accepts"), .. OfflineFlags.Files,
            (TypesCommand.Kind, "<kind>", "selects one of several types with the name: struct, union, enum, typedef, func, …"),
            (OfflineFlags.ReportForm, "text|json", "how to print it; the default is text: C with offsets, as pahole prints it")]),
        new(Verb.Keygen, "keygen", "<file>", "make a key that signs statements: <file>, and <file>.pub for nodes"),
        new(Verb.VerifyAttestation, "verify-attestation", "<file>", "check a signed statement, and an object against it",
            (VerifyAttestationCommand.Key, "<file>", "public keys in PEM; a signature by any of them suffices"),
            (VerifyAttestationCommand.Object, "<file>", "the relocated object that the statement must be about")),
        new(Verb.Health, "--health", null, "check whether the service on this machine is ready; exit status 0 or 1"),
        new(Verb.Version, "--version", null, "print the version"),
        new(Verb.Help, "--help", null, "print this help, or after a command the help of that command"),
    ];

    /// <summary>The help text of <c>--help</c>.</summary>
    public static string Usage { get; } = $"""
        usage: {Program} [command] {Settings}
        {string.Join('\n', All.Select(c => $"  {c.Words.PadRight(All.Max(other => other.Words.Length))}  {c.Summary}"))}
        Settings come from appsettings.json, the environment (Archive__Root=/data) and the command line (--Archive:Root=/data).
        Results go to standard output, everything else to standard error. Ctrl-C or SIGTERM stops every command cleanly.
        """;

    /// <summary>The command with this name.</summary>
    public static Command? Find(string word) => All.FirstOrDefault(c => c.Name == word);

    /// <summary>The help text of this command.</summary>
    public string Help => string.Join('\n', [
        string.Join(' ', new[] { $"usage: {Program}", Words, Options.Any(o => !o.IsRequired) ? "[options]" : null, Settings }
            .Where(part => part is not null)),
        $"  {Summary}",
        .. Options.Select(o => $"  {o.Usage.PadRight(Options.Max(other => other.Usage.Length))}  {o.Meaning}"),
        .. Verb.IsOffline() ? [Statuses] : Array.Empty<string>()]);

    // Its name, and what it needs.
    private string Words => string.Join(' ', [Name, .. Argument is null ? Array.Empty<string>() : [Argument],
        .. Options.Where(o => o.IsRequired).Select(o => o.Usage)]);

    private const string Statuses = """
        Exit status, as in fetch.sh: 0 done; 1 the archive or a file cannot be used; 2 wrong usage, or an original object would be
        overwritten; 3 there is no such kernel or file; 4 no BPF object or BTF, relocation impossible, or an outcome of --fail-on
        (check: broken,absent by default); 6 the output cannot be written
        """;
}
