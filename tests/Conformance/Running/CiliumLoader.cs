using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Corpus;

namespace Relo.Conformance.Running;

/// <summary>Loads objects into the running kernel with cilium/ebpf (oracle/cilium/main.go), with the kernel's BTF hidden.</summary>
public static class CiliumLoader
{
    public static string Path => Cache.Tool("cilium");

    /// <summary>Loads every program alone.</summary>
    /// <returns>The result by object and program; an object that the library does not read has the one program "-".</returns>
    public static async Task<IReadOnlyDictionary<(string Path, string Program), LoadResult>> LoadHiddenAsync(
        IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", KernelLoader.Hidden, Path]);
        var text = await KernelLoader.RunAsync(start, paths, hideBtf: true, cancellation);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(
                words => (paths[int.Parse(words[0], CultureInfo.InvariantCulture)], words[1]),
                words => new LoadResult(words[2] == "0" ? 0 : -1, words[3]));
    }
}
