using System.Globalization;

namespace Relo.Benchmarks.Compatibility;

/// <summary>
/// <c>POST /v1/compatibility</c> of runqslower against all kernels of an archive, for archives that grow. The BTF of each kernel is
/// another, and was opened once before; each row is of a process that was just started. <c>compatibility [kernels…]</c>
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
        var kernels = new MadeUpKernels(folder.File("data"));
        kernels.CheckRoomFor(counts[^1]);
        var small = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        var other = await File.ReadAllBytesAsync(Corpus.Object("execsnoop"));

        Console.WriteLine(
            "Wall time, then processor time of the service. The first question includes compilation by the runtime; then another "
                + "object is checked, then the first one again.");
        Console.WriteLine();
        Console.WriteLine(
            "| kernels | groups | first question | another object | each kernel | same again | ready, MiB | most, MiB | of it without "
                + "files |");
        Console.WriteLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var count in counts)
        {
            await using (var filling = await ServiceProcess.StartAsync(kernels.Root, Settings))
            {
                await kernels.FillAsync(filling, count);
                await Question.AskAsync(filling, small); // leaves the index of each
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
                $"| {count:N0} | {first.Groups} | {first} | {next} | {next.Wall.TotalMilliseconds / count:0.00} ms | "
                    + $"{again.OrderBy(a => a.Wall).ElementAt(Rounds / 2)} | {ready >> 20} | {most >> 20} | {without >> 20} |"));
        }
    }
}
