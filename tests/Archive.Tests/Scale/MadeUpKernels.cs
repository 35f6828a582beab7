using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Scale;

/// <summary>
/// Thousands of kernels with generated releases of all kinds, which share a few BTF as neighbouring kernels do; the BTF is real if the
/// machine has some.
/// </summary>
internal static class MadeUpKernels
{
    private static readonly (string Distro, string Version, string Arch, Func<int, string> Release)[] Kinds =
    [
        ("ubuntu", "20.04", "x86_64", i => $"5.4.0-{i}-generic"),
        ("ubuntu", "20.04", "arm64", i => $"5.4.0-{i}-generic"),
        ("ubuntu", "22.04", "x86_64", i => $"5.15.0-{i}-aws"),
        ("debian", "12", "x86_64", i => $"6.1.0-{i}-amd64"),
        ("debian", "12", "arm64", i => $"6.1.0-{i}-cloud-arm64"),
        ("centos", "8", "x86_64", i => $"4.18.0-{i}.1.2.el8_3.x86_64"),
        ("amzn", "2", "arm64", i => $"4.14.{i}-91.76.amzn2.aarch64"),
        ("fedora", "31", "x86_64", i => $"5.{i}.7-200.fc31.x86_64"),
    ];

    /// <summary>This number of kernels; the same each time.</summary>
    public static IEnumerable<Kernel> Make(int count, IReadOnlyList<(Digest Digest, long SizeBytes)> btf)
    {
        for (var i = 0; i < count; i++)
        {
            var (distro, version, arch, release) = Kinds[i % Kinds.Length];
            // Every second number is left out, so that there is always a kernel that is not here between two that are.
            var name = release(2 * (i / Kinds.Length));
            var (digest, size) = btf[i / 10 % btf.Count];
            yield return new($"{distro}/{version}/{arch}/{name}", distro, version, arch, name, digest, size, "import",
                DateTimeOffset.UnixEpoch.AddSeconds(i), []);
        }
    }

    /// <summary>Adds BTF to an archive with this number of rows, as an import would, without unpacking each.</summary>
    public static async Task FillAsync(TestArchive archive, int count)
    {
        List<(Digest, long)> btf = [];
        foreach (var bytes in RealBtf())
        {
            await archive.AddAsync(bytes, $"0.0.{btf.Count}-seed");
            btf.Add((Digest.Of(bytes), bytes.Length));
        }

        await using (var db = archive.Get<IIndexEngine>().CreateDbContext())
        {
            db.Kernels.AddRange(Make(count, btf).Select(kernel => new KernelRow
            {
                Id = kernel.Id,
                Distro = kernel.Distro,
                Version = kernel.Version,
                Arch = kernel.Arch,
                Release = kernel.Release,
                Btf = kernel.Btf.Hex,
                BtfSizeBytes = kernel.BtfSizeBytes,
                Source = "import",
                AddedAt = kernel.AddedAt.UtcTicks,
            }));
            await db.SaveChangesAsync();
        }

        await archive.Restart();
    }

    private static IEnumerable<byte[]> RealBtf()
    {
        if (File.Exists(FixtureFiles.HostBtf)) yield return File.ReadAllBytes(FixtureFiles.HostBtf);
        for (var i = 0; i < 7; i++) yield return TinyBtf.Of("int", $"kernel_{i}");
    }
}
