using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.MinimalBtf;

/// <summary>
/// Minimal BTF of one object for one kernel: the whole process of <c>bpftool gen min_core_btf</c> beside the whole HTTP request, for the
/// first time (nothing of this kernel opened, nothing kept) and again. <c>minimal-btf [rounds]</c>
/// </summary>
internal static class MinimalBtfBenchmark
{
    private static readonly string[] Tools = ["runqslower", "execsnoop", "klockstat"];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 15;
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(folder.File("data"));
        // One kernel a round, so that each first question is one.
        var kernels = Corpus.Kernels.Where(kernel => kernel.Id.Contains("/x86_64/", StringComparison.Ordinal)).ToArray();
        foreach (var kernel in kernels) await service.AddKernelAsync(kernel);

        Console.WriteLine("| object | bpftool, ms | Relo, kernel not opened, ms | ratio | Relo again, ms | ratio |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (var tool in Tools)
        {
            var path = Corpus.Object(tool);
            var body = await File.ReadAllBytesAsync(path);
            List<double> bpftool = [], first = [], again = [];
            for (var round = 0; round < Math.Max(rounds, kernels.Length); round++)
            {
                var kernel = kernels[round % kernels.Length];
                bpftool.Add(await BpftoolAsync(kernel.Path, folder.File("bpftool.btf"), path));
                var asked = await RequestAsync(service, kernel, body);
                if (round < kernels.Length && tool == Tools[0]) first.Add(asked);
                again.Add(await RequestAsync(service, kernel, body));
            }

            var opened = first.Count == 0
                ? "| |"
                : string.Create(CultureInfo.InvariantCulture, $"{Median(first):F1} | {Median(first) / Median(bpftool):F3} |");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {tool} | {Median(bpftool):F1} | {opened} {Median(again):F2} | {Median(again) / Median(bpftool):F3} |"));
        }
    }

    private static async Task<double> BpftoolAsync(string btf, string output, string objectFile)
    {
        var clock = Stopwatch.StartNew();
        using var bpftool = Process.Start(new ProcessStartInfo("bpftool", ["gen", "min_core_btf", btf, output, objectFile]))!;
        await bpftool.WaitForExitAsync();
        if (bpftool.ExitCode != 0)
            throw new InvalidOperationException(
                $"bpftool gen min_core_btf ended with status {bpftool.ExitCode} for {objectFile} and {btf}");
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> RequestAsync(ServiceProcess service, CorpusKernel kernel, byte[] body)
    {
        var clock = Stopwatch.StartNew();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/octet-stream") } };
        using var answer =
            await service.Client.PostAsync(new Uri($"/v1/minimal-btf?kernel={Uri.EscapeDataString(kernel.Id)}", UriKind.Relative), content);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
