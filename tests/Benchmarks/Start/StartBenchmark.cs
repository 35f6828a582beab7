using System.Globalization;

namespace Relo.Benchmarks.Start;

/// <summary>
/// Time from the start of the process until it reports ready, and its memory then, with an archive of some kernels. <c>start [kernels]
/// [rounds]</c>
/// </summary>
internal static class StartBenchmark
{
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var kernels = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1000;
        var rounds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 7;
        using var folder = new TemporaryFolder();
        var root = folder.File("data");
        await using (var service = await ServiceProcess.StartAsync(root)) await FillAsync(service, kernels);

        List<double> ready = [], resident = [];
        for (var round = 0; round < rounds; round++)
        {
            await using var service = await ServiceProcess.StartAsync(root);
            ready.Add(service.ReadyAfter.TotalMilliseconds);
            resident.Add(service.ResidentBytes / 1048576.0);
        }

        Console.WriteLine("| kernels in the archive | ready after, ms | at most, ms | resident, MiB | at most, MiB |");
        Console.WriteLine("|--:|--:|--:|--:|--:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {kernels:N0} | {Median(ready):F0} | {ready.Max():F0} | {Median(resident):F0} | {resident.Max():F0} |"));
    }

    /// <summary>Adds small, different kernels: the cost of the start depends on their number.</summary>
    public static async Task FillAsync(ServiceProcess service, int kernels)
    {
        var sample = await File.ReadAllBytesAsync(
            Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples", "kernels", "sample", "1", "x86_64", "5.11.0-syscall-work.btf"));
        for (var number = 0; number < kernels; number++)
        {
            using var body = new ByteArrayContent(
                MadeUpBtf.WithName(sample, $"made_up_{number}"))
            { Headers = { ContentType = new("application/octet-stream") } };
            using var answer = await service.Client.PostAsync(
                new Uri($"/v1/kernels?distro=made-up&version=1&arch=x86_64&release=6.1.{number}", UriKind.Relative), body);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
