namespace Relo.Api.Commands;

/// <summary>
/// The settings of a command line. Commands without a server log warnings only, and with <c>--btf</c> their archive is a folder that is
/// deleted at the end.
/// </summary>
internal sealed class OfflineSettings : IDisposable
{
    private const string Quiet = "--Serilog:MinimumLevel:Default=Warning";

    private readonly string? _folder;

    /// <param name="command">The command line.</param>
    public OfflineSettings(CommandLine command)
    {
        if (!command.Verb.IsOffline())
        {
            Args = command.Settings;
            return;
        }

        if (command.Value(OfflineFlags.BtfFile) is not null) _folder = Directory.CreateTempSubdirectory("relo-").FullName;
        string[] own = _folder is null ? []
            : [$"--Archive:Root={_folder}", "--Archive:Database=", "--Archive:Blobs=", "--Archive:Upstream:BaseUrl="];
        Args = [Quiet, .. command.Settings, .. own];
    }

    /// <summary>The settings; later ones win.</summary>
    public string[] Args { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
