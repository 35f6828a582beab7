using Relo.Archive.Upkeep;

namespace Relo.Api.Ops;

/// <summary>Keeps the running service up with kernels that another process adds: a command-line import beside it.</summary>
internal sealed class ArchiveFollower(ArchiveWatcher watcher) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => watcher.RunAsync(stoppingToken);
}
