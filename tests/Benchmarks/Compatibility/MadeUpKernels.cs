using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Relo.Archive;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Conformance.Generated;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Fingerprints;
using Relo.Core.Objects;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// An archive of any number of kernels: lines of made-up ones that begin with the real ones of the corpus (<see cref="KernelLine"/>). Every
/// second kernel of a line has the layouts of the one before, as rebuilt kernels have; the others differ in 1 to 60 places.
/// </summary>
/// <remarks>
/// The BTF of 20,000 kernels would take 100 GB, so only what the questions may open is on the disk: of each line the first kernel with
/// each combination of layouts that the objects read. A question that opens another one fails.
/// </remarks>
internal sealed class MadeUpKernels(string root, IReadOnlyList<byte[]> objects)
{
    private const int MostChanges = 60;

    private readonly List<Line> _lines = [.. Corpus.Kernels.Where(kernel => kernel.Id.Contains("/x86_64/", StringComparison.Ordinal))
        .Select((kernel, place) => new Line(kernel, place, objects))];
    private int _count;

    /// <summary>Its data folder.</summary>
    public string Root => root;

    /// <summary>The kernels whose BTF is on the disk.</summary>
    public int Stored { get; private set; }

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
        var share = (count - _count + _lines.Count - 1) / _lines.Count;
        await Parallel.ForEachAsync(_lines, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (line, _) =>
        {
            for (var i = 0; i < share; i++)
            {
                if (Interlocked.Increment(ref _count) > count) break;
                await AddAsync(archive, line.Next());
            }
        });
        _count = count;
    }

    private async Task AddAsync(ServiceProvider archive, Made made)
    {
        var digest = Digest.Of(made.Btf);
        if (made.IsOpened)
        {
            await archive.GetRequiredService<Archive.Blobs.ArchiveBlobs>().Btf.PutAsync(digest, made.Btf, CancellationToken.None);
            Stored++;
        }

        var row = new KernelRow
        {
            Id = $"made-up/1/x86_64/{made.Release}",
            Distro = "made-up",
            Version = "1",
            Arch = "x86_64",
            Release = made.Release,
            Btf = digest.Hex,
            BtfSizeBytes = made.Btf.Length,
            Source = "upload",
            AddedAt = DateTime.UtcNow.Ticks,
        };
        await archive.GetRequiredService<ArchiveWriter>().WriteAsync(
            db => Task.FromResult(db.Kernels.Add(row).Entity), _ => { }, CancellationToken.None);
        await archive.GetRequiredService<LayoutWriter>().WriteAsync(row.ToKernel(), made.Layouts, CancellationToken.None);
    }

    private sealed record Made(string Release, byte[] Btf, KernelFingerprints Layouts, bool IsOpened);

    private sealed class Line
    {
        private readonly string _release;
        private readonly KernelLine _line;
        private readonly Random _random;
        private readonly List<Asked> _asked;
        private KernelFingerprints? _last;
        private int _made;

        public Line(CorpusKernel kernel, int seed, IReadOnlyList<byte[]> objects)
        {
            _release = kernel.Id.Split('/')[3];
            _line = new(File.ReadAllBytes(kernel.Path));
            _random = new(seed);
            _asked = [.. objects.Select(file => new Asked(new(BpfObject.Read(file))))];
        }

        public Made Next()
        {
            var isSame = _made % 2 == 1;
            var btf = _line.Next(_random, isSame || _made == 0 ? 0 : _random.Next(1, MostChanges));
            var types = BtfReader.Read(btf);
            var layouts = isSame ? _last! : _last = KernelFingerprints.Of(types)!;
            var isOpened = false;
            foreach (var asked in _asked) isOpened |= asked.IsNew(types, layouts);
            var number = _made++;
            return new(string.Create(CultureInfo.InvariantCulture, $"{_release}.{number}"), MadeUpBtf.WithName(btf, $"kernel_{number}"), layouts,
                isOpened);
        }
    }

    /// <summary>The combinations of layouts that one object met in a line.</summary>
    private sealed class Asked(CompatibilityCheck check)
    {
        private readonly List<(KernelFingerprints Layouts, IReadOnlyList<ulong>? Also)> _known = [];

        public bool IsNew(BtfTypes types, KernelFingerprints layouts)
        {
            if (_known.Exists(known => known.Also is { } also && AreEqual(known.Layouts, layouts, [.. check.Question.Names, .. also]))) return false;
            _known.Add((layouts, check.Check(types).Also));
            return true;
        }

        private static bool AreEqual(KernelFingerprints one, KernelFingerprints other, IEnumerable<ulong> names) =>
            ReferenceEquals(one, other) || names.All(name => one.OfKey(name) == other.OfKey(name));
    }
}
