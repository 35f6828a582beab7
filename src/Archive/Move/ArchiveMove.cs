using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;

namespace Relo.Archive.Move;

/// <summary>
/// Copies a whole archive, which may be in use, to another one; each can have any engine and any store. Works in batches: the blobs, then
/// the rows that name them, so that it can stop at any moment and resume.
/// </summary>
internal sealed class ArchiveMove(ArchiveBlobs blobs, IIndexEngine engine, ILoggerFactory logs)
{
    // Each pass copies what was added during the previous one; a busy archive keeps changing.
    private const int MostPasses = 5;

    /// <summary>Copies everything.</summary>
    /// <param name="settings">The settings of the target: section <c>Archive</c>, and any other that it needs.</param>
    /// <param name="progress">Reports each batch.</param>
    /// <param name="ct">Stops the copy; the next run continues it.</param>
    /// <exception cref="MoveRefusedException">The target is this archive, or has data that this one lacks.</exception>
    /// <exception cref="ArchiveStartupException">The target cannot be used.</exception>
    public async Task<MoveSummary> RunAsync(IConfiguration settings, IProgress<string>? progress, CancellationToken ct)
    {
        await using var target = new ServiceCollection().AddSingleton(logs).AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddArchive(settings).BuildServiceProvider();
        var to = target.GetRequiredService<IIndexEngine>();
        if (to.Name == engine.Name) throw new MoveRefusedException($"{to.Name} is the database of this archive; expected another one");
        await target.GetRequiredService<ArchiveStartup>().OpenAsync(ct);
        if (await new MoveCheck(engine, to).OtherThanHereAsync(ct) is { } other)
            throw new MoveRefusedException(
                $"{to.Name} is not empty and not an earlier part of this move: {other}. Delete that there, or use an empty archive");

        var writer = target.GetRequiredService<ArchiveWriter>();
        var trailMove = new TrailMove(engine, to, writer);
        if (await trailMove.OtherThanHereAsync(ct) is { } trail)
            throw new MoveRefusedException($"{to.Name} has {trail}; use an empty archive");

        var there = target.GetRequiredService<ArchiveBlobs>();
        BlobCopy btf = new(blobs.Btf, there.Btf), objects = new(blobs.Objects, there.Objects);
        KernelMove kernelMove = new(engine, to, writer, btf, progress);
        ObjectMove objectMove = new(engine, to, writer, objects, progress);
        var (kernelCount, objectCount) = (0, 0);
        List<string> faults = [];
        for (var pass = 1; pass <= MostPasses; pass++)
        {
            faults.Clear();
            var (kernels, kept) = (await kernelMove.RunAsync(faults, ct), await objectMove.RunAsync(faults, ct));
            (kernelCount, objectCount) = (kernelCount + kernels, objectCount + kept);
            if (kernels + kept + await trailMove.RunAsync(ct) == 0) break;
        }

        if (await new MoveCheck(engine, to).OtherThanHereAsync(ct) is { } changed) faults.Add($"changed meanwhile: {changed}");
        return new(kernelCount, objectCount, btf.Copied + objects.Copied, btf.Bytes + objects.Bytes, faults);
    }
}
