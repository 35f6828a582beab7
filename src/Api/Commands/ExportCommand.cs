using MediatR;
using Relo.Archive.Export;

namespace Relo.Api.Commands;

/// <summary>Writes all kernels to a folder on this machine; from the command line only.</summary>
internal sealed record ExportKernels(string Folder, IProgress<ExportProgress> Progress) : IRequest<ExportSummary>;

/// <summary>Calls the exporter.</summary>
internal sealed class ExportKernelsHandler(KernelExporter exporter) : IRequestHandler<ExportKernels, ExportSummary>
{
    /// <inheritdoc/>
    public Task<ExportSummary> Handle(ExportKernels request, CancellationToken cancellationToken) =>
        exporter.ExportAsync(request.Folder, request.Progress, cancellationToken);
}

/// <summary>
/// <c>export &lt;dir&gt;</c>: writes a tree in BTFHub's layout, for other tools, or for another Relo to import or to use as its upstream.
/// <code>dotnet run --project src/Api -- export ./btfhub-archive</code>
/// </summary>
internal static class ExportCommand
{
    /// <summary>Exit status 0 if every kernel was written, else 1.</summary>
    public static async Task<int> RunAsync(IMediator mediator, string folder, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        ExportSummary summary;
        try
        {
            summary = await mediator.Send(new ExportKernels(folder, new Lines(error)), cancellation);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("stopped; the files written so far are kept, and the same command continues from there");
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{folder}: {e.Message}");
            return 1;
        }

        foreach (var failed in summary.Failed) await output.WriteLineAsync($"failed {failed.Kernel}: {failed.Reason}");
        await output.WriteLineAsync($"{summary.Written} written, {summary.Present} present, {summary.Failed.Count} failed");
        return summary.Failed.Count == 0 ? 0 : 1;
    }

    private sealed class Lines(TextWriter output) : IProgress<ExportProgress>
    {
        private readonly Lock _turn = new();

        public void Report(ExportProgress value)
        {
            lock (_turn) output.WriteLine($"[{value.Done}/{value.Total}] {value.Outcome} {value.Kernel}");
        }
    }
}
