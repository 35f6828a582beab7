using MediatR;
using Microsoft.Extensions.Options;
using Relo.Api.Settings;
using Relo.Archive.Faults;
using Relo.Archive.Move;

namespace Relo.Api.Commands;

/// <summary>Copies the whole archive to another one; from the command line only.</summary>
internal sealed record MigrateArchive(IConfiguration Target, IProgress<string> Progress) : IRequest<MoveSummary>;

/// <summary>Runs the move.</summary>
internal sealed class MigrateArchiveHandler(ArchiveMove move) : IRequestHandler<MigrateArchive, MoveSummary>
{
    /// <inheritdoc/>
    public Task<MoveSummary> Handle(MigrateArchive request, CancellationToken cancellationToken) =>
        move.RunAsync(request.Target, request.Progress, cancellationToken);
}

/// <summary>
/// <c>migrate --to &lt;settings.json&gt;</c>: copies everything to the archive that the settings file describes, of any database and any
/// store. May run beside the service; a second run continues.
/// <code>dotnet run --project src/Api -- migrate --to cluster.json</code>
/// </summary>
internal static class MigrateCommand
{
    /// <summary>Its option.</summary>
    public const string To = "--to";

    /// <summary>Exit status 0 if everything was copied, else 1.</summary>
    public static async Task<int> RunAsync(IMediator mediator, CommandLine command, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        var file = Path.GetFullPath(command.Value(To)!);
        try
        {
            using var target = new ConfigurationManager();
            target.AddJsonFile(file, optional: false);
            SettingsCheck.Apply(target);
            var summary = await mediator.Send(new MigrateArchive(target, new Lines(error)), cancellation);
            foreach (var fault in summary.Faults) await output.WriteLineAsync($"fault {fault}");
            await output.WriteLineAsync($"{summary.Kernels} kernels, {summary.Objects} objects and tags, {summary.Blobs} blobs of "
                + $"{summary.Bytes} bytes copied, {summary.Faults.Count} faults");
            return summary.Faults.Count == 0 ? 0 : 1;
        }
        catch (Exception e) when (
            e is MoveRefusedException or OptionsValidationException or ArchiveStartupException or FileNotFoundException
                or InvalidDataException)
        {
            await error.WriteLineAsync($"{file}: {UnusableSettings.Message(e)}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped; the data copied so far is kept, and the same command continues from there");
            return 1;
        }
    }

    private sealed class Lines(TextWriter output) : IProgress<string>
    {
        public void Report(string value) => output.WriteLine(value);
    }
}
