using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Relo.Benchmarks.Trust;

/// <summary>
/// What signing costs: a cached relocated object, from a service with a key and from one without; and its signed statement. And what the
/// audit trail costs: adding and deleting objects, beside another program where one is given, for example one of before the trail. One
/// request at a time, in short turns whose order rotates; the processor time is that of the service, so that other load on the machine does
/// not count. <c>trust [rounds] [other Relo.Api.dll]</c>
/// </summary>
internal static class TrustBenchmark
{
    private const string Tag = "tracer";
    private const int Reads = 20, Writes = 2;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100;
        using var folder = new TemporaryFolder();
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            await File.WriteAllTextAsync(folder.File("key"), key.ExportPkcs8PrivateKeyPem());
        await using var without = await ServiceProcess.StartAsync(folder.File("without"));
        await using var signing = await ServiceProcess.StartAsync(folder.File("signing"), [$"--Signing:KeyFile={folder.File("key")}"]);
        await using var other = arguments.Count > 1
            ? await ServiceProcess.StartAsync(folder.File("other"), program: arguments[1])
            : null;

        var kernel = Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64");
        var body = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        foreach (var service in (ServiceProcess?[])[without, signing, other])
        {
            if (service is null) continue;
            await service.AddKernelAsync(kernel);
            await service.AddObjectAsync(Tag, body);
        }

        var file = $"/v1/relocated/{Tag}?kernel={Uri.EscapeDataString(kernel.Id)}";
        var statement = $"/v1/relocated/{Tag}/attestation?kernel={Uri.EscapeDataString(kernel.Id)}";
        List<Turn> turns =
        [
            new("relocated object, no key", without, Reads, _ => GetAsync(without, file)),
            new("relocated object, with a key", signing, Reads, _ => GetAsync(signing, file)),
            new("its signed statement", signing, Reads, _ => GetAsync(signing, statement)),
            new("added and deleted, with the audit trail", without, Writes, i => WriteAsync(without, body, i)),
        ];
        if (other is not null) turns.Add(new("added and deleted, by the other program", other, Writes, i => WriteAsync(other, body, i)));
        for (var round = -rounds / 5; round < rounds; round++) // the first fifth compiles and fills the caches
            for (var i = 0; i < turns.Count; i++) await turns[(i + Math.Abs(round)) % turns.Count].RunAsync(isCounted: round >= 0);

        Console.WriteLine("| request | processor, ms | median, ms | fastest tenth, ms |");
        Console.WriteLine("|---|--:|--:|--:|");
        foreach (var turn in turns) Console.WriteLine(turn);
    }

    private static async Task GetAsync(ServiceProcess service, string address)
    {
        using var answer = await service.Client.GetAsync(new Uri(address, UriKind.Relative));
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    private static async Task WriteAsync(ServiceProcess service, byte[] body, int number)
    {
        await service.AddObjectAsync("written", [.. body, .. BitConverter.GetBytes(number)]);
        using var answer = await service.Client.DeleteAsync(new Uri("/v1/objects/written", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>One kind of request, several at a time after one that does not count.</summary>
    private sealed class Turn(string what, ServiceProcess service, int count, Func<int, Task> request)
    {
        private readonly List<double> _times = [];
        private TimeSpan _processor;
        private int _number;

        public async Task RunAsync(bool isCounted)
        {
            await request(_number++);
            var before = service.ProcessorTime;
            for (var i = 0; i < count; i++)
            {
                var clock = Stopwatch.StartNew();
                await request(_number++);
                if (isCounted) _times.Add(clock.Elapsed.TotalMilliseconds);
            }

            if (isCounted) _processor += service.ProcessorTime - before;
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {_processor.TotalMilliseconds / _times.Count:F2} | {At(50):F2} | {At(10):F2} |");

        private double At(int percent) => _times.Order().ElementAt(_times.Count * percent / 100);
    }
}
