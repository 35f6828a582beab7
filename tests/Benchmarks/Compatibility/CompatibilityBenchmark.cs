using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// <c>POST /v1/compatibility</c> of runqslower against all kernels of an archive, and the history of <c>task_struct</c>, for archives that
/// grow (<see cref="MadeUpKernels"/>). Each row is of a process that was just started. <c>compatibility [kernels…]</c>
/// </summary>
internal static class CompatibilityBenchmark
{
    private const int Rounds = 5;
    private const string FewKernels = "?release=5.10.*";

    private static readonly string[] Settings = ["--Archive:RegisterSamples=false"];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        int[] counts = [
            .. (arguments.Count > 0 ? arguments.Select(count => int.Parse(count, CultureInfo.InvariantCulture)) : [10, 100, 1000]).Order()];
        var small = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        var other = await File.ReadAllBytesAsync(Corpus.Object("execsnoop"));
        using var archives = new MadeUpArchives();
        await archives.FillAsync(counts, [small, other]);

        Console.WriteLine(
            "Wall time, then processor time of the service. The first question includes compilation by the runtime; then another object is checked, then the first one again. The history is asked of a few kernels, for compilation, then of all, and again.");
        Console.WriteLine();
        Console.WriteLine(
            "| kernels | with BTF | groups | first question | another object | same again | history | again | ready, MiB | most, MiB | of it without files | database |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var count in counts)
        {
            var root = archives.Of(count);
            await using (var before = await ServiceProcess.StartAsync(root, Settings))
            {
                await Question.AskAsync(before, small); // leaves the index of each BTF, as reading its layouts does
                await Question.AskAsync(before, other);
            }

            await using var service = await ServiceProcess.StartAsync(root, Settings);
            var ready = service.ResidentBytes;
            var first = await Question.AskAsync(service, small);
            var next = await Question.AskAsync(service, other);
            List<Question> again = [];
            for (var round = 0; round < Rounds; round++) again.Add(await Question.AskAsync(service, small));
            if (first.Kernels != count || next.Kernels != count)
                throw new InvalidOperationException($"{first.Kernels} kernels were looked at instead of {count}");
            List<Timed> history = [];
            _ = await Timed.HistoryAsync(service, FewKernels); // includes compilation, too
            for (var round = 0; round <= Rounds; round++) history.Add(await Timed.HistoryAsync(service));
            var (most, without) = (service.PeakResidentBytes, service.AnonymousBytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {count:N0} | {Stored(root):N0} | {first.Groups} | {first} | {next} | {again.OrderBy(a => a.Wall).ElementAt(Rounds / 2)} | {history[0]} | {history.Skip(1).OrderBy(a => a.Wall).ElementAt(Rounds / 2)} | {ready >> 20} | {most >> 20} | {without >> 20} | {Directory.EnumerateFiles(root, "relo.db*").Sum(file => new FileInfo(file).Length) >> 20} MiB |"));
        }
    }

    private static int Stored(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "blobs", "btf"), "*", SearchOption.AllDirectories).Count();
}
