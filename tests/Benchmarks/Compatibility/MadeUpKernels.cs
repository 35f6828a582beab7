using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// An archive of any number of kernels: the real ones of the corpus in turn, each with an additional name after its types, so that no two
/// have the same BTF.
/// </summary>
internal sealed class MadeUpKernels(string root)
{
    // The index beside a BTF takes about an eighth of it; what is left is for others.
    private const double Share = 1.15;
    private const long LeftFree = 4L << 30;

    private readonly IReadOnlyList<CorpusKernel> _real =
        [.. Corpus.Kernels.Where(kernel => kernel.Id.Contains("/x86_64/", StringComparison.Ordinal))];
    private int _count;

    /// <summary>Its data folder.</summary>
    public string Root => root;

    /// <summary>Fails early if the disk is too small, because filling it takes an hour.</summary>
    public void CheckRoomFor(int count)
    {
        var needed = (long)(count * Share * _real.Average(kernel => new FileInfo(kernel.Path).Length)) + LeftFree;
        var free = new DriveInfo(Path.GetDirectoryName(root)!).AvailableFreeSpace;
        if (free < needed)
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"{count} kernels with their indexes take {needed >> 30} GiB (4 of them to spare), and {root} has {free >> 30}; TMPDIR "
                    + $"names another place"));
    }

    /// <summary>Adds kernels up to this number.</summary>
    public async Task FillAsync(ServiceProcess service, int count)
    {
        for (; _count < count; _count++)
        {
            var kernel = _real[_count % _real.Count];
            var btf = MadeUpBtf.WithName(await File.ReadAllBytesAsync(kernel.Path), $"kernel_{_count}");
            await service.AddKernelAsync($"made-up/1/x86_64/{kernel.Id.Split('/')[3]}.{_count}", btf);
        }
    }
}
