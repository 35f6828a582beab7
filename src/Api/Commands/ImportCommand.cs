using MediatR;
using Relo.Api.Kernels;
using Relo.Archive.Import;

namespace Relo.Api.Commands;

/// <summary>
/// <c>import &lt;path&gt;</c>: adds kernels, reports progress, and says why each refused file was not imported.
/// <code>dotnet run --project src/Api -- import ~/btfhub-archive</code>
/// </summary>
internal static class ImportCommand
{
    private const int MaxNames = 10;

    /// <summary>Exit status 0 if at least one of the files found is in the archive; 1 if none is.</summary>
    public static async Task<int> RunAsync(IMediator mediator, string path, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        ImportSummary summary;
        try
        {
            summary = await mediator.Send(new ImportKernels(path, new Lines(error)), cancellation);
        }
        catch (FileNotFoundException e)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("stopped; the kernels added so far are kept, and the same command continues from there");
            return 1;
        }

        foreach (var file in summary.Rejected) await output.WriteLineAsync($"rejected {file.Path}: {file.Code}: {file.Reason}");
        foreach (var note in summary.Notes) await output.WriteLineAsync($"left out of {note.Path}: {note.Reason}");
        foreach (var reason in summary.Skipped.GroupBy(s => s.Reason, StringComparer.Ordinal))
            await output.WriteLineAsync($"skipped {reason.Count()}: {reason.Key}: {Names(reason)}");
        await output.WriteLineAsync(
            $"{summary.Added} added, {summary.Present} present, {summary.Rejected.Count} "
                + $"rejected{Counted(summary.Skipped.Count, "skipped")}{Counted(summary.Modules, "modules")}");
        return summary.Added + summary.Present + summary.Modules > 0 ? 0 : 1;
    }

    private static string Counted(int count, string what) => count > 0 ? $", {count} {what}" : "";

    // Grouped by extension: a clone of BTFHub has thousands of .failed files.
    private static string Names(IEnumerable<SkippedFile> files)
    {
        var names = files.GroupBy(f => Path.GetExtension(f.Path), StringComparer.Ordinal).OrderByDescending(g => g.Count())
            .SelectMany(g => g.Key.Length > 0 && g.Count() > MaxNames
                ? [$"{g.Count()} *{g.Key} such as {g.First().Path}"]
                : g.Select(f => f.Path)).ToList();
        return names.Count <= MaxNames
            ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(MaxNames))} and {names.Count - MaxNames} more";
    }

    // One line per finished file: an import of thousands takes minutes, and its log should show the progress.
    private sealed class Lines(TextWriter output) : IProgress<ImportProgress>
    {
        private readonly Lock _turn = new();

        public void Report(ImportProgress value)
        {
            lock (_turn) output.WriteLine($"[{value.Done}/{value.Total}] {value.Outcome} {value.Path}");
        }
    }
}
