using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relo.Archive;
using Relo.Archive.Index;
using Relo.Archive.Layouts;
using Relo.Core.Bytes;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// An archive of any number of kernels: lines of made-up ones (<see cref="MadeUpLine"/>). After some thousand, the layouts of the first
/// ones come again under new releases, as those of rebuilt kernels and of flavours do.
/// </summary>
/// <remarks>
/// The BTF of 20,000 kernels would take 100 GB, so only what the questions may open is on the disk: of each line the first kernel with
/// each combination of layouts that the objects read. A question that opens another one fails.
/// </remarks>
internal sealed class MadeUpKernels(string root, IReadOnlyList<byte[]> objects)
{
    private const int MostMade = 2500, RowsAtOnce = 1000;

    private readonly List<(string Line, string Id)> _made = [];
    private readonly List<MadeUpLine> _lines = [.. Corpus.Kernels
        .Where(kernel => kernel.Id.Contains("/x86_64/", StringComparison.Ordinal))
        .Select((kernel, place) => new MadeUpLine(kernel, place, objects))];
    private int _count;

    /// <summary>Adds kernels up to this number.</summary>
    public async Task FillAsync(int count)
    {
        await using var archive = new ServiceCollection().AddLogging().AddArchive(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Archive:Root"] = root,
                ["Archive:RegisterHostKernel"] = "false",
                ["Archive:Upstream:BaseUrl"] = "",
                ["Archive:BusyTimeout"] = "01:00:00",
            }).Build()).BuildServiceProvider();
        await archive.GetRequiredService<ArchiveStartup>().OpenAsync(CancellationToken.None);
        for (; _count < Math.Min(count, MostMade); _count++) await AddAsync(archive, _lines[_count % _lines.Count].Next());
        for (int next; _count < count; _count = next)
        {
            next = Math.Min(count, _count + RowsAtOnce);
            await RepeatAsync(archive, _count, next);
        }
    }

    private Task<int> RepeatAsync(ServiceProvider archive, int first, int end) => archive.GetRequiredService<ArchiveWriter>().WriteAsync(
        async db =>
        {
            for (var i = first; i < end; i++)
            {
                var (line, id) = _made[i % MostMade];
                var layouts = await db.KernelLayouts.AsNoTracking().SingleAsync(row => row.KernelId == id);
                var release = MadeUpLine.ReleaseOf(line, i);
                var row = RowOf(release, Digest.Of(Encoding.UTF8.GetBytes(release)), sizeBytes: 0);
                db.Kernels.Add(row);
                db.KernelLayouts.Add(
                    new() { KernelId = row.Id, Btf = row.Btf, Definition = layouts.Definition, SetId = layouts.SetId });
            }

            return end - first;
        },
        _ => { }, CancellationToken.None);

    private async Task AddAsync(ServiceProvider archive, MadeUpKernel kernel)
    {
        if (kernel.Btf is not null)
            await archive.GetRequiredService<Archive.Blobs.ArchiveBlobs>().Btf.PutAsync(kernel.Digest, kernel.Btf, CancellationToken.None);
        var row = RowOf(kernel.Release, kernel.Digest, kernel.SizeBytes);
        await archive.GetRequiredService<ArchiveWriter>().WriteAsync(
            db => Task.FromResult(db.Kernels.Add(row).Entity), _ => { }, CancellationToken.None);
        await archive.GetRequiredService<LayoutWriter>().WriteAsync(row.ToKernel(), kernel.Layouts, CancellationToken.None);
        _made.Add((kernel.Line, row.Id));
    }

    private static KernelRow RowOf(string release, Digest btf, long sizeBytes) => new()
    {
        Id = $"made-up/1/x86_64/{release}",
        Distro = "made-up",
        Version = "1",
        Arch = "x86_64",
        Release = release,
        Btf = btf.Hex,
        BtfSizeBytes = sizeBytes,
        Source = "upload",
        AddedAt = DateTime.UtcNow.Ticks,
    };
}
