using System.Diagnostics;
using System.Globalization;
using Relo.Archive.Blobs;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Benchmarks.Core;

/// <summary>
/// Relocation beside libbpf's, object by object: cold (raw BTF is read, checked and indexed), opened (the index is there, the kernel is not
/// open) and warm (the kernel is open). libbpf reads the BTF each time. Both read the object's file and end with the relocated object.
/// </summary>
internal static class CoreBenchmark
{
    private const int Rounds = 21;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Compiling = TimeSpan.FromSeconds(0.3);

    private static readonly string[] Objects = ["runqslower", "execsnoop", "klockstat"];

    // Some of each age, and one that was never deduplicated.
    private static readonly string[] Kernels =
    [
        "debian/11/x86_64/5.10.0-46-amd64", "debian/12/x86_64/6.1.0-56-amd64", "debian/12/x86_64/6.12.117+deb12-amd64",
        "btfhub-centos/8/aarch64/4.18.0-147.5.1.el8_1.aarch64",
    ];

    /// <summary>Prints the table: <c>core [rounds] [part of the names of kernels]</c>.</summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Rounds;
        var part = arguments.Count > 1 ? arguments[1] : "";
        using var folder = new TemporaryFolder();
        using var libbpf = LibbpfTimer.Start(folder);
        await using var archive = await OpenedKernels.StartAsync(folder.File("data"));
        Console.WriteLine("| object | kernel | libbpf | cold | opened | warm |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|");
        foreach (var kernel in Kernels.Where(kernel => kernel.Contains(part, StringComparison.Ordinal)))
        {
            if (Corpus.FindKernel(kernel) is not ({ } id, { } btf))
            {
                await Console.Error.WriteLineAsync($"{kernel} is left out: tests/corpus/nearby takes it from a folder of BTFHub's files");
                continue;
            }
            var many = folder.File("many.bpf.o");
            await File.WriteAllBytesAsync(many, ManyRecords.Make(BtfReader.Read(await File.ReadAllBytesAsync(btf))));
            await archive.AddAsync(await File.ReadAllBytesAsync(btf), Path.GetFileNameWithoutExtension(btf));
            foreach (var (name, path) in Objects.Select(name => (name, Corpus.Object(name))).Append(("20,000 records", many)))
            {
                // Large pairs take libbpf seconds.
                var few = path == many ? Math.Max(rounds / 4, 3) : rounds;
                var (records, theirs) = libbpf.Time(path, btf, few);
                var ours = new[]
                {
                    Time(few, () => WithCold(btf, types => Relocate(path, types))),
                    Time(few, () => archive.Pass(types => Relocate(path, types))),
                    archive.Pass(types => Time(few, () => Relocate(path, types))),
                };
                var made = archive.Pass(types => Relocate(path, types)).Fixups.Count;
                if (made != records)
                    throw new InvalidOperationException($"{name} on {id}: libbpf relocated {records} records, {made} were relocated here");
                Console.WriteLine(
                    $"| {name} | {id.Split('/')[^1]} | {Milliseconds(Median(theirs))} | {string.Join(" | ", ours.Select(took => Beside(Median(took), Median(theirs))))} |");
            }
        }
    }

    // As the service does it for a kernel it never opened, but for the digest of the bytes and the file that the index goes to.
    private static T WithCold<T>(string path, Func<BtfTypes, T> use)
    {
        using var blob = MappedBlob.Map(path, default);
        BtfIndexFile.Make(blob!.Memory, default, splitBase: null, out var types);
        return use(types);
    }

    private static Relocated Relocate(string path, BtfTypes kernel) =>
        Relocator.Relocate(BpfObject.Read(File.ReadAllBytes(path)), kernel) as Relocated
            ?? throw new InvalidOperationException($"{path} was refused");

    private static TimeSpan[] Time<T>(int rounds, Func<T> round)
    {
        // libbpf needs no warming up; what is compiled while it runs, does: after thirty calls the runtime compiles once to watch and after
        // thirty more for good, each time a tenth of a second behind the last new method.
        for (var step = 0; step < 3; step++)
        {
            for (var (i, begin) = (0, Stopwatch.GetTimestamp()); i < 35 && (i == 0 || Stopwatch.GetElapsedTime(begin) < WarmUp); i++)
                round();
            Thread.Sleep(Compiling);
        }

        var took = new TimeSpan[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            round();
            took[i] = Stopwatch.GetElapsedTime(begin);
        }

        return took;
    }

    private static string Beside(TimeSpan ours, TimeSpan theirs) =>
        $"{Milliseconds(ours)} ({(ours / theirs).ToString("0.000", CultureInfo.InvariantCulture)})";

    private static TimeSpan Median(TimeSpan[] took) => took.Order().ElementAt(took.Length / 2);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms");
}
