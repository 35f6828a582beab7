using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// <c>POST /v1/compatibility</c> of runqslower against all kernels of an archive, for archives that grow (<see cref="MadeUpKernels"/>).
/// Each row is of a process that was just started. <c>compatibility [kernels…]</c>
/// </summary>
internal static class CompatibilityBenchmark
{
    private const int Rounds = 5;

    private static readonly string[] Settings = ["--Archive:RegisterSamples=false"];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        int[] counts = [
            .. (arguments.Count > 0 ? arguments.Select(count => int.Parse(count, CultureInfo.InvariantCulture)) : [10, 100, 1000]).Order()];
        using var folder = new TemporaryFolder();
        var small = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        var other = await File.ReadAllBytesAsync(Corpus.Object("execsnoop"));
        var kernels = new MadeUpKernels(folder.File("data"), [small, other]);

        Console.WriteLine(
            "Wall time, then processor time of the service. The first question includes compilation by the runtime; then another object is checked, then the first one again.");
        Console.WriteLine();
        Console.WriteLine(
            "| kernels | with BTF | groups | first question | another object | each kernel | same again | ready, MiB | most, MiB | of it without files | database |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var count in counts)
        {
            await kernels.FillAsync(count);
            await using (var before = await ServiceProcess.StartAsync(kernels.Root, Settings))
            {
                await Question.AskAsync(before, small); // leaves the index of each BTF, as reading its layouts does
                await Question.AskAsync(before, other);
            }

            await using var service = await ServiceProcess.StartAsync(kernels.Root, Settings);
            var ready = service.ResidentBytes;
            var first = await Question.AskAsync(service, small);
            var (most, without) = (service.PeakResidentBytes, service.AnonymousBytes);
            var next = await Question.AskAsync(service, other);
            List<Question> again = [];
            for (var round = 0; round < Rounds; round++) again.Add(await Question.AskAsync(service, small));
            if (first.Kernels != count || next.Kernels != count)
                throw new InvalidOperationException($"{first.Kernels} kernels were looked at instead of {count}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {count:N0} | {kernels.Stored:N0} | {first.Groups} | {first} | {next} | {next.Wall.TotalMilliseconds / count:0.00} ms | {again.OrderBy(a => a.Wall).ElementAt(Rounds / 2)} | {ready >> 20} | {most >> 20} | {without >> 20} | {Directory.EnumerateFiles(kernels.Root, "relo.db*").Sum(file => new FileInfo(file).Length) >> 20} MiB |"));
        }
    }
}
