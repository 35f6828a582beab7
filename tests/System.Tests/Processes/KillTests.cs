using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>
/// The program is killed (SIGKILL: it gets to do nothing more) at random moments of imports and of mixed load over HTTP: kernels and
/// objects that come and go, relocations, questions over many kernels. Whatever the moment, the archive is whole, what was acknowledged is
/// there (or gone), and nothing is left behind. RELO_KILLS sets how often; RELO_KILL_SEED repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int FilesOfAnImport = 40, LargeBytes = 512 << 10, Uploaders = 4;
    private static readonly string[] TemporaryFolders = ["blobs/btf/.tmp", "blobs/objects/.tmp", "uploads", "scratch"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-kill-").FullName;
    // What was acknowledged: kernels by id, tags, and objects without a tag by the name they were made of; true where it is there, false
    // where it was deleted. What is asked for and not answered is in neither: it may have happened or not.
    private readonly ConcurrentDictionary<string, bool> _kernels = new(StringComparer.Ordinal), _tags =
        new(StringComparer.Ordinal), _plain = new(StringComparer.Ordinal);
    private int _answers;

    [Fact]
    public async Task Killed_at_any_moment_the_archive_is_whole_and_keeps_what_it_acknowledged()
    {
        int kills = Setting("RELO_KILLS", 10), seed = Setting("RELO_KILL_SEED", Environment.TickCount);
        output.WriteLine($"{kills} kills, RELO_KILL_SEED={seed}");
        var random = new Random(seed);
        for (var round = 0; round < kills; round++)
        {
            if (round % 2 == 0) await KillImportAsync(round, random);
            else await KillServiceAsync(round, random);
            await AssertWholeAsync(round);
        }

        // And the service still works: the last import ends, and what the kills left is reused or pruned.
        var (status, _) = await RunProgram.RunAsync(_root, "import", await TreeAsync(kills));
        Assert.Equal(0, status);
        await RunProgram.RunAsync(_root, "prune");
        Assert.DoesNotContain("unused", await AssertWholeAsync(kills), StringComparison.Ordinal);
        var listed = (await RunProgram.RunAsync(_root, "list")).Output;
        Assert.All(_kernels, kernel => Assert.Equal(kernel.Value, listed.Contains(kernel.Key + "\t", StringComparison.Ordinal)));
        await AssertObjectsAsync();
        output.WriteLine(
            $"{_answers} requests answered; acknowledged: {_kernels.Count(k => k.Value)} kernels, {_tags.Count(t => t.Value)} tagged "
                + $"and {_plain.Count} other objects; deleted: {_kernels.Count(k => !k.Value)} kernels, {_tags.Count(t => !t.Value)} tags");
    }

    // Each tag that was acknowledged is on the whole object; and of the others, each that is listed can be had whole.
    private async Task AssertObjectsAsync()
    {
        using var service = new ServiceHost(_root);
        foreach (var (tag, isThere) in _tags)
        {
            using var answer = await service.Http.GetAsync(new Uri($"/v1/objects/{tag}/file", UriKind.Relative));
            Assert.Equal((tag, isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound), (tag, answer.StatusCode));
            if (isThere) Assert.Equal(ObjectOf(tag), await answer.Content.ReadAsByteArrayAsync());
        }

        foreach (var name in _plain.Keys)
            Assert.Equal(ObjectOf(name),
                await service.Http.GetByteArrayAsync(
                    new Uri($"/v1/objects/{Core.Bytes.Digest.Of(ObjectOf(name)).Hex}/file", UriKind.Relative)));
        var count = 0;
        for (var page = "/v1/objects?limit=1000"; page is not null;)
        {
            var listed = await (await service.Http.GetAsync(new Uri(page, UriKind.Relative))).JsonAsync();
            page = (string?)listed["next"] is { } next ? $"/v1/objects?limit=1000&after={Uri.EscapeDataString(next)}" : null;
            foreach (var url in listed["items"]!.AsArray().Select(item => (string)item!["url"]!))
            {
                Assert.Equal(url.Split('/')[^1],
                    Core.Bytes.Digest.Of(await service.Http.GetByteArrayAsync(new Uri($"{url}/file", UriKind.Relative))).Hex);
                count++;
            }
        }

        Assert.True(count >= _tags.Count(t => t.Value), $"{count} listed");
    }

    // Somewhere between the start of the process and its last file.
    private async Task KillImportAsync(int round, Random random)
    {
        using var process = Process.Start(RunProgram.StartOf(_root, "import", await TreeAsync(round)))!;
        var answer = process.StandardOutput.ReadToEndAsync();
        var files = random.Next(FilesOfAnImport + 1);
        if (files == 0) await Task.Delay(random.Next(1500));
        var done = 0;
        while (done < files && await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (Added(line) is { } id && ++done > 0) _kernels[id] = true;
        await KillAsync(process, random);
        while (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (Added(line) is { } id && ++done > 0) _kernels[id] = true;
        await answer;
        output.WriteLine($"{round}: import killed after {done} of {FilesOfAnImport} files");
    }

    // "[3/40] added /…/distro/version/arch/release.btf", whole lines only: the last one may have been cut.
    private static string? Added(string line) =>
        line.StartsWith('[') && line.Contains("] added ", StringComparison.Ordinal) && line.EndsWith(".btf", StringComparison.Ordinal)
        ? string.Join('/', line[..^".btf".Length].Split('/')[^4..])
        : null;

    private async Task KillServiceAsync(int round, Random random)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var process = Process.Start(RunProgram.StartOf(_root, "serve", $"--urls={address}"))!;
        var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var enough = new TaskCompletionSource();
        var uploads = random.Next(80);
        if (uploads == 0) await Task.Delay(random.Next(1500));
        else
        {
            await UntilReadyAsync(http, process);
            var uploaders = Enumerable.Range(0, Uploaders).Select(u => Task.Run(() => LoadAsync(http, round, u, OnSent, stop.Token)))
                .ToList();
            await Task.WhenAny(enough.Task, Task.WhenAll(uploaders)).WaitAsync(Patience);
            await KillAsync(process, random);
            await stop.CancelAsync();
            await Task.WhenAll(uploaders);
        }

        if (!process.HasExited) await KillAsync(process, random);
        await drained;
        output.WriteLine($"{round}: service killed after {sent} requests");

        void OnSent()
        {
            if (Interlocked.Increment(ref sent) >= uploads) enough.TrySetResult();
        }
    }

    private async Task LoadAsync(HttpClient http, int round, int uploader, Action sent, CancellationToken stop)
    {
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var release = $"6.{round}.{uploader}-{i}-up";
                if (await SendAsync(HttpMethod.Post, $"/v1/kernels?distro=up&version=1&arch=x86_64&release={release}",
                    MadeUpBtf.Of(release, i % 4 == 0 ? LargeBytes : 0)) == HttpStatusCode.Created)
                    _kernels[$"up/1/x86_64/{release}"] = true;
                if (await SendAsync(HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}",
                    ObjectOf($"{release}-plain")) == HttpStatusCode.OK) _plain[$"{release}-plain"] = true;
                if (await SendAsync(HttpMethod.Post, $"/v1/objects?name={release}", ObjectOf(release)) == HttpStatusCode.Created)
                    _tags[release] = true;
                Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"/v1/relocated/{release}?kernel={Samples.OldKernel}"));
                if (i % 3 == 2)
                    Assert.Equal(
                        HttpStatusCode.OK, await SendAsync(HttpMethod.Post, $"/v1/compatibility?object={release}&arch=x86_64", []));
                if (i % 2 == 0) continue;
                _kernels.TryRemove($"up/1/x86_64/{release}", out _); // unknown until it is answered
                if (await SendAsync(HttpMethod.Delete, $"/v1/kernels?kernel=up/1/x86_64/{release}") == HttpStatusCode.NoContent)
                    _kernels[$"up/1/x86_64/{release}"] = false;
                _tags.TryRemove(release, out _);
                if (await SendAsync(HttpMethod.Delete, $"/v1/objects/{release}") == HttpStatusCode.NoContent) _tags[release] = false;
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Killed: what was under way has no answer.
        }

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string address, byte[]? body = null)
        {
            using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : Answers.Body(body) };
            using var answer = await http.SendAsync(request, stop);
            Interlocked.Increment(ref _answers);
            sent();
            return answer.StatusCode;
        }
    }

    // An object that nobody has sent before: ELF ignores bytes after its end.
    private static byte[] ObjectOf(string name) => [.. Samples.Object, .. System.Text.Encoding.ASCII.GetBytes(name)];

    private async Task<string> AssertWholeAsync(int round)
    {
        var (status, said) = await RunProgram.RunAsync(_root, "verify");
        Assert.True(status == 0, $"after kill {round}: {said}");
        Assert.Contains("nothing wrong", said, StringComparison.Ordinal);
        await RunProgram.RunAsync(_root, "list"); // verify changes nothing; whatever opens the archive removes what was half written
        foreach (var folder in TemporaryFolders.Select(f => Path.Combine(_root, f)).Where(Directory.Exists))
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        return said;
    }

    private async Task<string> TreeAsync(int round)
    {
        var folder = Path.Combine(_root, "trees", $"{round}");
        var kernels = Directory.CreateDirectory(Path.Combine(folder, "im", $"{round}", "x86_64")).FullName;
        for (var i = 0; i < FilesOfAnImport; i++)
            await File.WriteAllBytesAsync(
                Path.Combine(kernels, $"6.{i}.0-im.btf"), MadeUpBtf.Of($"{round}_{i}", i % 4 == 0 ? LargeBytes : 0));
        return folder;
    }

    private static async Task UntilReadyAsync(HttpClient http, Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Assert.False(process.HasExited, "the service ended by itself");
            try
            {
                if ((await http.GetAsync("/healthz/ready", patience.Token)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task KillAsync(Process process, Random random)
    {
        await Task.Delay(random.Next(30));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static int Setting(string name, int otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : otherwise;

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
