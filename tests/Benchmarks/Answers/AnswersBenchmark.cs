using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Relo.Benchmarks.Core;
using Relo.Core.Btf;

namespace Relo.Benchmarks.Answers;

/// <summary>
/// What a person waits for: features of a kernel, the report with checks, the contents, and the diagnosis of a log, each of an object with
/// 20,000 records, over HTTP: the first answer, which includes compilation by the runtime; the median for objects that were not seen
/// before, on a kernel that is open; and the median for the same object again. <c>answers [rounds]</c>
/// </summary>
internal static class AnswersBenchmark
{
    private const string Program = "maderaw_tp_made";

    private const int LinesOfLog = 500, RecordsApart = 37;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 9;
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(folder.File("data"));
        var (built, other) = (Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64"), Corpus.Kernel("debian/11/x86_64/5.10.0-46-amd64"));
        await service.AddKernelAsync(built);
        await service.AddKernelAsync(other);
        var body = ManyRecords.Make(BtfReader.Read(await File.ReadAllBytesAsync(built.Path)));
        using var stored = await service.Client.PostAsync(Uri("/v1/objects?name=many"), Body(body));
        stored.EnsureSuccessStatusCode();

        var kernel = $"kernel={System.Uri.EscapeDataString(other.Id)}";
        Console.WriteLine($"an object with 20,000 records of {built.Id}, on {other.Id}");
        Console.WriteLine();
        Console.WriteLine("| asked | Accept | bytes | first, ms | another object, ms | again, ms |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|");
        await AskAsync("features", "application/json", _ => new(HttpMethod.Get, Uri($"/v1/features?{kernel}")));
        await AskAsync("contents of the object", "application/json", _ => new(HttpMethod.Get, Uri("/v1/objects/many")));
        foreach (var form in (string[])["application/json", "text/plain"])
        {
            await AskAsync(
                "report with checks", form,
                bytes => new(HttpMethod.Post, Uri($"/v1/relocations?{kernel}")) { Content = Body(bytes) });
            await AskAsync($"diagnosis of {LinesOfLog} lines", form, bytes => new(HttpMethod.Post, Uri($"/v1/diagnoses?{kernel}"))
            {
                Content = new MultipartFormDataContent { { Body(bytes), "object", "many.bpf.o" }, { Body(Log()), "log", "load.log" } },
            });
        }

        async Task AskAsync(string what, string form, Func<byte[], HttpRequestMessage> request)
        {
            var first = await TimeAsync(body);
            List<double> others = [], again = [];
            for (byte round = 0; round < rounds; round++)
            {
                others.Add((await TimeAsync([.. body, .. Encoding.UTF8.GetBytes(what + form), round])).Milliseconds);
                again.Add((await TimeAsync(body)).Milliseconds);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | `{form}` | {first.Bytes:N0} | {first.Milliseconds:F0} | {Median(others):F0} | {Median(again):F0} |"));

            async Task<(double Milliseconds, int Bytes)> TimeAsync(byte[] bytes)
            {
                using var asked = request(bytes);
                asked.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(form));
                var clock = Stopwatch.StartNew();
                using var answer = await service.Client.SendAsync(asked);
                var answered = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                return (clock.Elapsed.TotalMilliseconds, answered.Length);
            }
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // What libbpf logs of records all over the object.
    private static byte[] Log()
    {
        var log = new StringBuilder();
        for (var i = 0; i < LinesOfLog; i++)
            log.Append(CultureInfo.InvariantCulture, $"libbpf: prog '{Program}': relo #{i * RecordsApart}: substituting insn #{i * RecordsApart} w/ invalid insn\n");
        return Encoding.UTF8.GetBytes(log.ToString());
    }

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static ByteArrayContent Body(byte[] bytes) => new(bytes) { Headers = { ContentType = new("application/octet-stream") } };
}
