using System.Globalization;
using System.Text;

namespace Relo.Benchmarks.Http;

/// <summary>
/// The service under wrk on loopback, beside nginx that sends the same bytes from a file and beside the same Kestrel that echoes the same body; in turns, and the
/// median of the rounds' ratios is told. <c>http [rounds] [seconds of each]</c>
/// </summary>
internal static class HttpBenchmark
{
    private const int Rotation = 16;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        var seconds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(folder.File("data"));
        using var echo = await Echo.StartAsync();

        var kernel = Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64");
        await service.AddKernelAsync(kernel);
        var asked = $"kernel={Uri.EscapeDataString(kernel.Id)}";
        var object_ = await File.ReadAllBytesAsync(Corpus.Object("runqslower"));
        await service.AddObjectAsync("runqslower", object_);

        // The same bytes from a file.
        var download = new Uri(service.Address, $"/v1/relocated/runqslower?{asked}");
        var files = Directory.CreateDirectory(folder.File("files")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(files, "runqslower.bpf.o"), await service.Client.GetByteArrayAsync(download));
        using var nginx = await Nginx.StartAsync(folder, files);
        var file = new Uri(nginx.Address, "/runqslower.bpf.o");

        var relocate = new Uri(service.Address, $"/v1/relocations?{asked}");
        var one = await ScriptAsync(folder, "one.lua", [Corpus.Object("runqslower")]);
        var many = await ScriptAsync(folder, "many.lua", [.. Corpus.SmallObjects.Take(Rotation)]);

        Pair[] pairs =
        [
            new("relocated download", "nginx", 64, download, file),
            new("relocated, 304", "nginx's 304", 64, download, file, await ConditionAsync(service.Client, download), await ConditionAsync(service.Client, file)),
            new("POST relocation of runqslower", "echo", 32, relocate, echo.Address, Script: one),
            new($"POST relocation of {Rotation} objects in turn", "echo", 32, relocate, echo.Address, Script: many),
        ];

        foreach (var pair in pairs) await pair.RunAsync(2 * seconds); // the JIT's part is not what is measured
        foreach (var pair in pairs) pair.Forget();
        for (var round = 0; round < rounds; round++) foreach (var pair in pairs) await pair.RunAsync(seconds);

        Console.WriteLine();
        Console.WriteLine("| asked | beside | connections | requests/s | beside | ratio | p50 ms | beside | p99 ms | beside | p99 ratio | errors |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var pair in pairs) Console.WriteLine(pair.Row());
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident {service.ResidentBytes >> 20} MiB, at most {service.PeakResidentBytes >> 20} MiB"));
    }

    private static async Task<string> ConditionAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address);
        return $"If-None-Match: {answer.EnsureSuccessStatusCode().Headers.ETag}";
    }

    /// <summary>A script for wrk that sends these files in turn.</summary>
    public static async Task<string> ScriptAsync(TemporaryFolder folder, string name, IReadOnlyList<string> objects)
    {
        var script = new StringBuilder("local bodies = {}\n");
        foreach (var path in objects) script.Append(CultureInfo.InvariantCulture, $"do local f = io.open(\"{path}\", \"rb\"); bodies[#bodies + 1] = f:read(\"*a\"); f:close() end\n");
        // Each request is put together once; then they take turns.
        script.Append("""
            local requests, turn = {}, 0
            init = function(args)
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "application/octet-stream"
                wrk.headers["Accept"] = "application/octet-stream"
                for i, body in ipairs(bodies) do requests[i] = wrk.format(nil, nil, nil, body) end
            end
            request = function()
                turn = turn % #requests + 1
                return requests[turn]
            end
            """);
        var path2 = folder.File(name);
        await File.WriteAllTextAsync(path2, script.ToString());
        return path2;
    }
}
