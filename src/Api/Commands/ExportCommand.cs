using MediatR;
using Relo.Archive.Export;
using Relo.Archive.Faults;

namespace Relo.Api.Commands;

/// <summary>Writes all kernels to a folder or file on this machine; from the command line only.</summary>
/// <param name="Path">The folder, or the file of a packed archive.</param>
/// <param name="IsPacked">Whether to write a packed archive.</param>
/// <param name="Progress">Receives each kernel.</param>
internal sealed record ExportKernels(string Path, bool IsPacked, IProgress<ExportProgress> Progress) : IRequest<ExportSummary>;

/// <summary>Calls the exporter.</summary>
internal sealed class ExportKernelsHandler(KernelExporter tree, PackedExporter packed) : IRequestHandler<ExportKernels, ExportSummary>
{
    /// <inheritdoc/>
    public Task<ExportSummary> Handle(ExportKernels request, CancellationToken cancellationToken) =>
        request.IsPacked
            ? packed.ExportAsync(request.Path, request.Progress, cancellationToken)
            : tree.ExportAsync(request.Path, request.Progress, cancellationToken);
}

/// <summary>
/// <c>export &lt;dir&gt;</c>: writes a tree in BTFHub's layout, for other tools, or for another Relo to import or to use as its upstream.
/// <c>export --packed &lt;file&gt;</c>: writes one small file with the modules too, for a Relo without a network to import.
/// <code>dotnet run --project src/Api -- export ./btfhub-archive</code>
/// </summary>
internal static class ExportCommand
{
    /// <summary>Writes one file.</summary>
    public const string Packed = "--packed";

    /// <summary>Exit status 0 if every kernel was written, else 1.</summary>
    public static async Task<int> RunAsync(IMediator mediator, IReadOnlyList<string> arguments, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        var (path, isPacked) = (arguments.Single(argument => argument != Packed), arguments.Contains(Packed));
        ExportSummary summary;
        try
        {
            summary = await mediator.Send(new ExportKernels(path, isPacked, new Lines(error)), cancellation);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync(isPacked
                ? "stopped; nothing was written"
                : "stopped; the files written so far are kept, and the same command continues from there");
            return 1;
        }
        catch (Exception e) when (e is CorruptBlobException or BlobLostException)
        {
            await error.WriteLineAsync($"{e.Message}; it was sound when the export began, nothing was written");
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{path}: {e.Message}");
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
