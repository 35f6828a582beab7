using System.Diagnostics;
using System.Globalization;
using Relo.Core;
using Relo.Core.Objects;

namespace Relo.Benchmarks.Core;

/// <summary>
/// One small object on many kernels that were opened before, one after another: time and remaining memory. <c>kernels [count]</c>
/// </summary>
internal static class ManyKernelsBenchmark
{
    private const long MiB = 1 << 20;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var count = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        using var folder = new TemporaryFolder();
        var bpf = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        var kernel = await File.ReadAllBytesAsync(Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64").Path);
        await using (var first = await OpenedKernels.StartAsync(folder.File("data")))
        {
            for (var i = 0; i < count; i++)
            {
                await first.AddAsync(MadeUpBtf.WithName(kernel, $"kernel_{i}"), $"6.1.0-{i}-amd64");
                first.Pass(types => types.Count); // leaves the index
            }
        }

        GC.Collect();
        await using var archive = await OpenedKernels.StartAsync(folder.File("data"));
        var before = Environment.WorkingSet;
        var begin = Stopwatch.GetTimestamp();
        foreach (var known in archive.All()) archive.Keep(known, types => Relocator.Relocate(BpfObject.Read(bpf), types));
        var took = Stopwatch.GetElapsedTime(begin);
        Console.WriteLine("| kernels | all of them | each | memory before | memory after | of it opened BTF |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {count} | {took.TotalMilliseconds:0} ms | {took.TotalMilliseconds / count:0.00} ms | {before / MiB} MiB | "
                + $"{Environment.WorkingSet / MiB} MiB | {archive.BytesOpen / MiB} MiB |"));
    }
}
