using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Packed;

/// <summary>
/// BTF stored as differences: its bytes beside those of the same BTF as <c>.btf.tar.xz</c>, by line, and the time of the first question to
/// each kernel after a start, beside the same question where BTF is raw. <c>packed</c>
/// </summary>
internal static class PackedBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        CorpusKernel[] kernels = [.. Corpus.Kernels];
        var file = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        using var folder = new TemporaryFolder();
        var root = folder.File("data");
        await using (var service = await ServiceProcess.StartAsync(root, ["--Archive:Pack=false"]))
            foreach (var kernel in kernels) await service.AddKernelAsync(kernel);
        var raw = await AskAllAsync(root, kernels, file);

        var clock = Stopwatch.StartNew();
        await using (var service = await ServiceProcess.StartAsync(root, ["--Archive:PackAfter=00:00:00"]))
        {
            while (Blobs(root, "btf").Any())
            {
                if (clock.Elapsed > Patience) throw new TimeoutException($"{Blobs(root, "btf").Count()} kernels are not packed");
                await Task.Delay(500);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kernels.Length} kernels were packed in {clock.Elapsed.TotalSeconds:F0} s"));
        Console.WriteLine();
        var packed = await AskAllAsync(root, kernels, file);
        Console.WriteLine("| first question to a kernel | median, ms | most, ms |");
        Console.WriteLine("|---|--:|--:|");
        Report("raw", raw);
        Report("packed", packed);
        Console.WriteLine();
        await ReportBytesAsync(root, kernels);
    }

    // The first question after a start: what was unpacked and indexed before is deleted. Each object is another one, since results are
    // kept.
    private static async Task<double[]> AskAllAsync(string root, CorpusKernel[] kernels, byte[] file)
    {
        var index = Path.Combine(root, "blobs", "index");
        if (Directory.Exists(index)) Directory.Delete(index, recursive: true);
        await using var service = await ServiceProcess.StartAsync(root);
        var number = 0;
        foreach (var sample in (string[])["sample/1/x86_64/5.10.0-flags-status", "sample/1/x86_64/5.11.0-syscall-work"])
            for (var i = 0; i < 50; i++) await AskAsync(sample);
        var took = new double[kernels.Length];
        for (var i = 0; i < kernels.Length; i++) took[i] = await AskAsync(kernels[i].Id);
        return took;

        async Task<double> AskAsync(string kernel)
        {
            using var body = new ByteArrayContent([.. file, .. BitConverter.GetBytes(number++)])
            { Headers = { ContentType = new("application/octet-stream") } };
            var clock = Stopwatch.StartNew();
            using var answer = await service.Client.PostAsync(
                new Uri($"/v1/relocations?kernel={Uri.EscapeDataString(kernel)}", UriKind.Relative), body);
            await answer.Content.ReadAsByteArrayAsync();
            answer.EnsureSuccessStatusCode();
            return clock.Elapsed.TotalMilliseconds;
        }
    }

    private static async Task ReportBytesAsync(string root, CorpusKernel[] kernels)
    {
        var xz = new long[kernels.Length];
        await Parallel.ForAsync(0, kernels.Length, async (i, stop) => xz[i] = await TarXzBytesAsync(kernels[i].Path, stop));
        var packed = Blobs(root, "packed").ToDictionary(file => file.Name, file => file.Length);
        var sizes = kernels.Select((kernel, i) => (
            Line: kernel.Id[..kernel.Id.LastIndexOf('/')], Raw: new FileInfo(kernel.Path).Length, Xz: xz[i],
            Packed: packed[DigestOf(kernel.Path)]))
            .ToArray();
        Console.WriteLine("| line | kernels | raw, MB | .btf.tar.xz, MB | packed, MB | of .btf.tar.xz |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (var line in sizes.GroupBy(size => size.Line).Append(sizes.GroupBy(_ => "all").Single()))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {line.Key} | {line.Count()} | {line.Sum(s => s.Raw) / 1e6:F2} | {line.Sum(s => s.Xz) / 1e6:F2} | "
                    + $"{line.Sum(s => s.Packed) / 1e6:F2} | {line.Sum(s => s.Packed) / (double)line.Sum(s => s.Xz):F3} |"));
        }
    }

    private static string DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
    }

    private static async Task<long> TarXzBytesAsync(string path, CancellationToken stop)
    {
        using var tar = Process.Start(new ProcessStartInfo(
            "tar", ["-cJf", "-", "-C", Path.GetDirectoryName(path)!, Path.GetFileName(path)])
        { RedirectStandardOutput = true })!;
        var bytes = new byte[1 << 16];
        var sum = 0L;
        while (await tar.StandardOutput.BaseStream.ReadAsync(bytes, stop) is > 0 and var read) sum += read;
        await tar.WaitForExitAsync(stop);
        return tar.ExitCode == 0 ? sum : throw new InvalidOperationException($"tar: exit status {tar.ExitCode}");
    }

    private static IEnumerable<FileInfo> Blobs(string root, string kind) =>
        new DirectoryInfo(Path.Combine(root, "blobs", kind)).EnumerateFiles("*", SearchOption.AllDirectories);

    private static void Report(string what, double[] took) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {took.Order().ElementAt(took.Length / 2):F0} | {took.Max():F0} |"));
}
