using System.Globalization;
using System.Text;

namespace Relo.Benchmarks.Http;

/// <summary>
/// The service under wrk on loopback, with its request log, beside nginx that sends the same bytes from files and beside the same Kestrel
/// that echoes the same body. A fleet asks: pairs of tag and kernel in random order, over kept and new connections, with and without TLS.
/// They take turns; the medians of the rounds are printed.
/// <c>http [rounds] [seconds of each]</c>
/// </summary>
internal static class HttpBenchmark
{
    private const int Rotation = 16;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        var seconds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
        using var folder = new TemporaryFolder();
        var certificate = await Certificate.WriteAsync(folder);
        var secure = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{Ports.Free()}"));
        await using var service = await ServiceProcess.StartAsync(
            folder.File("data"),
            [$"--Kestrel:Certificates:Default:Path={certificate.Path}", $"--Kestrel:Certificates:Default:KeyPath={certificate.KeyPath}"],
            alsoAt: secure);
        using var echo = await Echo.StartAsync();
        var fleet = await Fleet.MakeAsync(service, folder);
        using var nginx = await Nginx.StartAsync(folder, fleet.Files, certificate);

        var kernel = Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64");
        var relocate = new Uri(service.Address, $"/v1/relocations?kernel={Uri.EscapeDataString(kernel.Id)}");
        var (ours, theirs) =
            (await fleet.ScriptAsync(isConditional: false), await fleet.ScriptForAsync(nginx.Address, isConditional: false));
        var (known, knownByNginx) =
            (await fleet.ScriptAsync(isConditional: true), await fleet.ScriptForAsync(nginx.Address, isConditional: true));
        var one = await ScriptAsync(folder, "one.lua", [Corpus.Object("runqslower")]);
        var many = await ScriptAsync(folder, "many.lua", [.. Corpus.SmallObjects.Take(Rotation)]);

        Pair[] pairs =
        [
            new("download", "nginx", 64, new(service.Address, ours), new(nginx.Address, theirs)),
            new("download, TLS", "nginx", 64, new(secure, ours), new(nginx.SecureAddress, theirs)),
            new("download, a connection each", "nginx", 64, new(service.Address, ours), new(nginx.Address, theirs), IsClosing: true),
            new("download, TLS, a connection each", "nginx", 64, new(secure, ours), new(nginx.SecureAddress, theirs), IsClosing: true),
            new("304", "nginx", 64, new(service.Address, known), new(nginx.Address, knownByNginx)),
            new("POST relocation of runqslower", "echo", 32, new(relocate, one), new(echo.Address, one)),
            new($"POST relocation of {Rotation} objects in turn", "echo", 32, new(relocate, many), new(echo.Address, many)),
        ];

        foreach (var pair in pairs) await pair.RunAsync(service, 2 * seconds); // the JIT's part is not what is measured
        foreach (var pair in pairs) pair.Forget();
        for (var round = 0; round < rounds; round++) foreach (var pair in pairs) await pair.RunAsync(service, seconds);

        Console.WriteLine();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{fleet.Pairs} pairs of tag and kernel, {fleet.MeanBytes} bytes on average"));
        Console.WriteLine();
        Console.WriteLine(
            "| asked | beside | connections | requests/s | beside | ratio | CPU µs per request | p50 ms | beside | p99 ms | beside | "
                + "errors |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var pair in pairs) Console.WriteLine(pair.Row());
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"resident {service.ResidentBytes >> 20} MiB, at most {service.PeakResidentBytes >> 20} MiB"));
    }

    /// <summary>A script for wrk that sends these files in turn.</summary>
    public static async Task<string> ScriptAsync(TemporaryFolder folder, string name, IReadOnlyList<string> objects)
    {
        var script = new StringBuilder("local bodies = {}\n");
        foreach (var path in objects)
            script.Append(CultureInfo.InvariantCulture,
                $"do local f = io.open(\"{path}\", \"rb\"); bodies[#bodies + 1] = f:read(\"*a\"); f:close() end\n");
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
