using MediatR;
using Relo.Archive.Upkeep;

namespace Relo.Api.Commands;

/// <summary>Copies the whole state to a folder on this machine; from the command line only.</summary>
internal sealed record BackUpArchive(string Folder) : IRequest<BackupSummary>;

/// <summary>Runs the backup.</summary>
internal sealed class BackUpArchiveHandler(ArchiveBackup backup) : IRequestHandler<BackUpArchive, BackupSummary>
{
    /// <inheritdoc/>
    public Task<BackupSummary> Handle(BackUpArchive request, CancellationToken cancellationToken) =>
        backup.RunAsync(request.Folder, cancellationToken);
}

/// <summary>
/// <c>backup &lt;dir&gt;</c>: writes a folder that can replace <c>Archive:Root</c>. May run beside the service; a second run into the
/// same folder copies only new files.
/// <code>dotnet run --project src/Api -- backup /backup/relo</code>
/// </summary>
internal static class BackupCommand
{
    /// <summary>Exit status 0 if the backup is complete; 1 if a stored file is lost or damaged, or the folder cannot be written.</summary>
    public static async Task<int> RunAsync(IMediator mediator, string folder, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        try
        {
            var summary = await mediator.Send(new BackUpArchive(folder), cancellation);
            foreach (var fault in summary.Faults) await output.WriteLineAsync($"fault {fault}");
            await output.WriteLineAsync($"{summary.Kernels} kernels, {summary.Objects} objects, {summary.Files} files of {summary.Bytes} "
                + $"bytes, {summary.Copied} of them new, {summary.Faults.Count} faults");
            return summary.Faults.Count == 0 ? 0 : 1;
        }
        catch (UnauthorizedAccessException e)
        {
            await error.WriteLineAsync($"{folder}: {e.Message} The folder must belong to the user that runs this command, which is user "
                + "1654 in the image: "
                + $"run chown 1654 {folder} outside the container");
            return 1;
        }
        catch (IOException e)
        {
            await error.WriteLineAsync($"{folder}: {e.Message}");
            return 1;
        }
    }
}
