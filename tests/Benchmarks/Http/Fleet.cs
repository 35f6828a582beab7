using System.Globalization;
using System.Text;

namespace Relo.Benchmarks.Http;

/// <summary>
/// The requests of a fleet: each node requests one of some tags for its own kernel. All pairs of the corpus' objects and kernels that can
/// be relocated, at most 2,000.
/// </summary>
internal sealed class Fleet
{
    private const int MostPairs = 2000;

    private readonly TemporaryFolder _folder;
    private readonly List<Ask> _asks = [];

    private Fleet(TemporaryFolder folder)
    {
        _folder = folder;
        Files = Directory.CreateDirectory(folder.File("files")).FullName;
    }

    /// <summary>A folder with the same responses as files, for nginx.</summary>
    public string Files { get; }

    /// <summary>The number of pairs.</summary>
    public int Pairs => _asks.Count;

    /// <summary>Bytes of a response, on average.</summary>
    public long MeanBytes { get; private set; }

    /// <summary>Adds the kernels and the objects to the service, and requests each pair once.</summary>
    public static async Task<Fleet> MakeAsync(ServiceProcess service, TemporaryFolder folder)
    {
        var fleet = new Fleet(folder);
        var kernels = Corpus.Kernels.ToList();
        foreach (var kernel in kernels) await service.AddKernelAsync(kernel);
        foreach (var path in Corpus.SmallObjects)
        {
            var tag = Path.GetFileNameWithoutExtension(path);
            await service.AddObjectAsync(tag, await File.ReadAllBytesAsync(path));
            foreach (var kernel in kernels) await fleet.AddAsync(service.Client, tag, kernel.Id);
        }

        fleet.MeanBytes = fleet._asks.Sum(ask => ask.Bytes) / fleet.Pairs;
        return fleet;
    }

    /// <summary>A script for wrk that requests the pairs from the service in random order.</summary>
    /// <param name="isConditional">Whether the nodes have the answers already.</param>
    public Task<string> ScriptAsync(bool isConditional) =>
        ScriptAsync($"service-{isConditional}.lua", ask => (ask.Path, isConditional ? ask.ETag : null));

    /// <summary>The same for nginx, which computes its own ETags.</summary>
    public async Task<string> ScriptForAsync(Uri nginx, bool isConditional)
    {
        using var client = new HttpClient { BaseAddress = nginx };
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var ask in _asks) tags[ask.File] = isConditional ? await TagAsync(client, ask.File) : null;
        return await ScriptAsync($"nginx-{isConditional}.lua", ask => (ask.File, tags[ask.File]));
    }

    private async Task AddAsync(HttpClient client, string tag, string kernel)
    {
        if (Pairs == MostPairs) return;
        var path = $"/v1/relocated/{tag}?kernel={Uri.EscapeDataString(kernel)}";
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        if (!answer.IsSuccessStatusCode) return; // an object of another architecture, or one that libbpf would refuse there
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var file = string.Create(CultureInfo.InvariantCulture, $"/{Pairs}.bpf.o");
        await File.WriteAllBytesAsync(Files + file, bytes);
        _asks.Add(new(path, file, answer.Headers.ETag!.ToString(), bytes.Length));
    }

    private static async Task<string> TagAsync(HttpClient client, string file)
    {
        using var answer = await client.GetAsync(new Uri(file, UriKind.Relative));
        return answer.EnsureSuccessStatusCode().Headers.ETag!.ToString();
    }

    private async Task<string> ScriptAsync(string name, Func<Ask, (string Path, string? Known)> asked)
    {
        var script = new StringBuilder("local asks = {\n");
        foreach (var (path, known) in _asks.Select(asked))
            script.Append(CultureInfo.InvariantCulture, $"{{'{path}', {(known is null ? "nil" : $"'{known}'")}}},\n");
        // Each request is put together once; then they are drawn.
        script.Append("""
            }
            local requests = {}
            init = function(args)
                math.randomseed(os.time())
                for i, ask in ipairs(asks) do
                    wrk.headers["If-None-Match"] = ask[2]
                    requests[i] = wrk.format("GET", ask[1])
                end
            end
            request = function() return requests[math.random(#requests)] end
            """);
        await File.WriteAllTextAsync(_folder.File(name), script.ToString());
        return _folder.File(name);
    }

    private sealed record Ask(string Path, string File, string ETag, long Bytes);
}
