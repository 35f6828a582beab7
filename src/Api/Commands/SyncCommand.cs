using System.Globalization;
using MediatR;
using Relo.Archive.Sync;
using Relo.Archive.Upstream;

namespace Relo.Api.Commands;

/// <summary>Fetches all kernels of sources; from the command line only.</summary>
/// <param name="Source">Name of a source, or <c>all</c>.</param>
/// <param name="What">Which kernels.</param>
/// <param name="Progress">Receives each kernel.</param>
internal sealed record SyncKernels(string Source, SyncRequest What, IProgress<SyncProgress> Progress) : IRequest<SyncedSources>;

/// <summary>What was done.</summary>
/// <param name="Summaries">The result of each source.</param>
/// <param name="Faults">The sources that could not be listed, with the reason.</param>
internal sealed record SyncedSources(IReadOnlyList<SyncSummary> Summaries, IReadOnlyList<string> Faults);

/// <summary>Calls the sync for each source.</summary>
internal sealed class SyncKernelsHandler(KernelSync sync) : IRequestHandler<SyncKernels, SyncedSources>
{
    /// <inheritdoc/>
    public async Task<SyncedSources> Handle(SyncKernels request, CancellationToken cancellationToken)
    {
        var sources = sync.Named(request.Source);
        if (sources.Count == 0) return new([], [NoSource(request.Source)]);
        var (done, faults) = (new List<SyncSummary>(), new List<string>());
        foreach (var source in sources)
        {
            try
            {
                done.Add(await sync.RunAsync(source, request.What, request.Progress, cancellationToken));
            }
            catch (SourceException e)
            {
                faults.Add($"requesting {e.What} from {source.Title} failed: {e.Message}");
            }
        }

        return new(done, faults);
    }

    private string NoSource(string name) => sync.Names is { Count: > 0 } names
        ? $"there is no source {name} that has a list; the settings Archive:Upstream:Sources have {string.Join(", ", names)}"
        : $"there is no source {name} that has a list: the settings Archive:Upstream:Sources name none";
}

/// <summary>
/// <c>sync &lt;source&gt;</c>: fetches all kernels of a source that are not here.
/// <code>dotnet run --project src/Api -- sync debian --match '6.1.*' --dry-run</code>
/// </summary>
internal static class SyncCommand
{
    /// <summary>Its options.</summary>
    public const string Since = "--since", Match = "--match", DryRun = "--dry-run";

    /// <summary>Exit status 0 if every source was listed completely and no download failed; 1 otherwise.</summary>
    public static async Task<int> RunAsync(
        IMediator mediator, CommandLine command, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var what = new SyncRequest(command.Value(Match), SinceOf(command), command.Arguments.Contains(DryRun));
        SyncedSources synced;
        try
        {
            var source = command.Arguments.First(word => word != DryRun);
            synced = await mediator.Send(new SyncKernels(source, what, new Lines(error)), cancellation);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("stopped; the kernels added so far are kept, and the same command continues from there");
            return 1;
        }

        foreach (var one in synced.Summaries) await output.WriteLineAsync(Text(one, what.DryRun));
        string[] faults = [.. synced.Summaries.SelectMany(s => s.Faults), .. synced.Faults];
        foreach (var fault in faults) await error.WriteLineAsync(fault);
        return faults.Length == 0 && synced.Summaries.All(s => s.Failed == 0) ? 0 : 1;
    }

    private static string Text(SyncSummary one, bool isDry) =>
        $"{one.Source}: {one.Listed} listed, {one.Present} present, {one.Fetched} {(isDry ? "would be fetched" : "fetched")}, "
        + $"{one.Refused} refused{Counted(one.RefusedBefore, "refused before")}, {one.Failed} failed{Counted(one.Older, "older")}, "
        + $"{one.Bytes} bytes";

    private static string Counted(int count, string what) => count > 0 ? $", {count} {what}" : "";

    private static DateTimeOffset? SinceOf(CommandLine command) => command.Value(Since) is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
        : throw new CommandFailedException(
            ExitStatus.WrongUsage, $"{Since} is '{text}', expected a date such as 2026-01-31");

    // One line per kernel: a sync of thousands takes hours, and its log should show the progress.
    private sealed class Lines(TextWriter output) : IProgress<SyncProgress>
    {
        private readonly Lock _turn = new();

        public void Report(SyncProgress value)
        {
            lock (_turn) output.WriteLine($"[{value.Done}/{value.Total}] {value.Outcome} {value.Kernel}: {value.Detail}");
        }
    }
}
