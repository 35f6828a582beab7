using Relo.Api.Hosting;
using Relo.Archive.Index;

namespace Relo.Api.Ops;

/// <summary>Notices kernels that another process adds or deletes, such as an import from the command line.</summary>
internal sealed class ArchiveFollower(ArchiveWatcher watcher, TimeProvider clock, ILogger<ArchiveFollower> log)
    : RestartingService(log, clock)
{
    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken stopping) => watcher.RunAsync(stopping);
}
