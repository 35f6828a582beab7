using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Blobs;
using Relo.Benchmarks;
using MadeUpBtf = Relo.Api.Tests.Fixtures.MadeUpBtf;

namespace Relo.SystemTests.Processes;

/// <summary>
/// The program is killed (SIGKILL: it gets to do nothing more) at random moments of imports, of mixed load over HTTP (kernels and objects
/// that come and go, relocations, questions over many kernels), and of the packing of BTF under that load. Whatever the moment, the archive
/// is whole, what was acknowledged is there (or gone) byte for byte, and nothing is left behind. RELO_KILLS sets how often; RELO_KILL_SEED
/// repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int FilesOfAnImport = 40, LargeBytes = 512 << 10, Uploaders = 4, MostRequests = 80, MostPacked = 12;
    private static readonly TimeSpan Patience = Kills.Patience;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-kill-").FullName;
    // What was acknowledged: kernels by id, tags, and objects without a tag by the name they were made of; true where it is there, false
    // where it was deleted. What is asked for and not answered is in neither: it may have happened or not.
    private readonly ConcurrentDictionary<string, bool> _kernels = new(StringComparer.Ordinal), _tags =
        new(StringComparer.Ordinal), _plain = new(StringComparer.Ordinal);
    private int _answers;

    [Fact]
    public async Task Killed_at_any_moment_the_archive_is_whole_and_keeps_what_it_acknowledged()
    {
        var (kills, random) = Kills.Start("RELO_KILLS", 6, output);
        for (var round = 0; round < kills; round++)
        {
            if (round % 3 == 0) await KillImportAsync(round, random);
            else await KillServiceAsync(round, random, isPacking: round % 3 == 2);
            await Kills.AssertWholeAsync(_root, round);
        }

        // And the service still works: the last import ends, and what the kills left is reused or pruned.
        var (status, _) = await RunProgram.RunAsync(_root, "import", await TreeAsync(kills));
        Assert.Equal(0, status);
        await RunProgram.RunAsync(_root, "prune");
        Assert.DoesNotContain("unused", await Kills.AssertWholeAsync(_root, kills), StringComparison.Ordinal);
        var listed = (await RunProgram.RunAsync(_root, "list")).Output;
        Assert.All(_kernels, kernel => Assert.Equal(kernel.Value, listed.Contains(kernel.Key + "\t", StringComparison.Ordinal)));
        using (var service = new ServiceHost(_root))
        {
            await AssertKernelsAsync(service);
            await AssertObjectsAsync(service);
        }

        var forms = PackedFiles().CountBy(path => PackedBlob.Read(File.ReadAllBytes(path), int.MaxValue)!.Form).ToDictionary();
        output.WriteLine(
            $"{_answers} requests answered; acknowledged: {_kernels.Count(k => k.Value)} kernels, {_tags.Count(t => t.Value)} tagged "
                + $"and {_plain.Count} other objects; deleted: {_kernels.Count(k => !k.Value)} kernels, {_tags.Count(t => !t.Value)} tags; "
                + $"packed: {string.Join(", ", forms.Select(form => $"{form.Value} {form.Key}"))}");
        Assert.NotEqual(0, forms.GetValueOrDefault(StoredForm.Difference));
    }

    private IEnumerable<string> PackedFiles() => Directory
        .EnumerateFiles(Path.Combine(_root, "blobs", "packed"), "*", SearchOption.AllDirectories)
        .Where(path => Core.Bytes.Digest.TryParse(Path.GetFileName(path), out _));

    // Packed or not, each kernel that was acknowledged has the bytes that were sent.
    private async Task AssertKernelsAsync(ServiceHost service)
    {
        foreach (var (id, _) in _kernels.Where(kernel => kernel.Value))
            Assert.Equal(
                BtfOf(id[(id.LastIndexOf('/') + 1)..]),
                await service.Http.GetByteArrayAsync(new Uri($"/v1/kernels/btf?kernel={id}", UriKind.Relative)));
    }

    // Each tag that was acknowledged is on the whole object; and of the others, each that is listed can be had whole.
    private async Task AssertObjectsAsync(ServiceHost service)
    {
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
        using var program = Kills.StartProgram(_root, "import", await TreeAsync(round));
        var process = program.Process;
        var answer = process.StandardOutput.ReadToEndAsync();
        var files = random.Next(FilesOfAnImport + 1);
        if (files == 0) await Task.Delay(random.Next(1500));
        var done = 0;
        while (done < files && await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
            if (Added(line) is { } id && ++done > 0) _kernels[id] = true;
        await Kills.KillAsync(process, random);
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

    // After a number of requests, or of BTF that was packed.
    private async Task KillServiceAsync(int round, Random random, bool isPacking)
    {
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var program = Kills.StartProgram(_root, "serve", $"--urls={address}", "--Archive:PackAfter=00:00:00");
        var process = program.Process;
        var drained = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var enough = new TaskCompletionSource();
        var (uploads, packed) = (isPacking ? int.MaxValue : random.Next(MostRequests), 1 + random.Next(MostPacked));
        var (before, seed) = (isPacking ? PackedNames() : [], random.Next());
        if (uploads == 0) await Task.Delay(random.Next(1500));
        else
        {
            await UntilReadyAsync(http, process);
            var uploaders = Enumerable.Range(0, Uploaders)
                .Select(u => Task.Run(() => LoadAsync(http, round, u, new(seed + u), OnSent, stop.Token))).ToList();
            var moment = isPacking ? UntilPackedAsync(before, packed) : enough.Task;
            await Task.WhenAny(moment, Task.WhenAll(uploaders)).WaitAsync(Patience);
            await Kills.KillAsync(process, random);
            await stop.CancelAsync();
            await Task.WhenAll(uploaders);
            if (isPacking) await moment; // a fault of its own would otherwise be lost
        }

        if (!process.HasExited) await Kills.KillAsync(process, random);
        await drained;
        output.WriteLine($"{round}: service killed after {sent} requests"
            + (isPacking ? $", {PackedNames().Except(before).Count()} BTF packed" : ""));

        void OnSent()
        {
            if (Interlocked.Increment(ref sent) >= uploads) enough.TrySetResult();
        }
    }

    private HashSet<string> PackedNames() =>
        Directory.Exists(Path.Combine(_root, "blobs", "packed")) ? [.. PackedFiles().Select(path => Path.GetFileName(path))] : [];

    private async Task UntilPackedAsync(HashSet<string> before, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (PackedNames().Except(before).Count() < count) await Task.Delay(1, patience.Token);
    }

    private async Task LoadAsync(HttpClient http, int round, int uploader, Random random, Action sent, CancellationToken stop)
    {
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var release = $"6.{round}.{uploader}-{i}-up";
                if (await IsDoneAsync(HttpMethod.Post, $"/v1/kernels?distro=up&version=1&arch=x86_64&release={release}", BtfOf(release)))
                    _kernels[$"up/1/x86_64/{release}"] = true;
                var plain = ObjectOf($"{release}-plain");
                if (await IsDoneAsync(HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}", plain))
                    _plain[$"{release}-plain"] = true;
                if (!await IsDoneAsync(HttpMethod.Post, $"/v1/objects?name={release}", ObjectOf(release))) continue;
                _tags[release] = true;
                // Reads wait for no writer: they are answered however busy those are.
                Assert.True(await IsDoneAsync(HttpMethod.Get, $"/v1/relocated/{release}?kernel={Samples.OldKernel}"));
                if (i % 3 == 2) Assert.True(await IsDoneAsync(HttpMethod.Post, $"/v1/compatibility?object={release}&arch=x86_64", []));
                if (i % 2 == 0) continue;
                await DeleteAsync($"up/1/x86_64/{release}");
                if (i % 4 == 3 && AnOldKernel(uploader, random) is { } old) await DeleteAsync(old);
                _tags.TryRemove(release, out _);
                if (await IsDoneAsync(HttpMethod.Delete, $"/v1/objects/{release}")) _tags[release] = false;
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Killed: what was under way has no answer.
        }

        async Task DeleteAsync(string kernel)
        {
            _kernels.TryRemove(kernel, out _); // unknown until it is answered
            if (await IsDoneAsync(HttpMethod.Delete, $"/v1/kernels?kernel={kernel}", mayBeMissing: true)) _kernels[kernel] = false;
        }

        // False if the service was busy, or another uploader has deleted the kernel.
        async Task<bool> IsDoneAsync(HttpMethod method, string address, byte[]? body = null, bool mayBeMissing = false)
        {
            using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : Answers.Body(body) };
            using var answer = await http.SendAsync(request, stop);
            Interlocked.Increment(ref _answers);
            sent();
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) return false;
            if (answer.StatusCode == HttpStatusCode.NotFound && mayBeMissing) return false;
            if (!answer.IsSuccessStatusCode)
                Assert.Fail($"{method} {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
            return true;
        }
    }

    // Some kernel of earlier: it may be packed by now, and others may be stored as differences to it. Each uploader deletes its own.
    private string? AnOldKernel(int uploader, Random random)
    {
        string[] old =
        [
            .. _kernels.Where(kernel => kernel.Value && kernel.Key.Length % Uploaders == uploader).Select(kernel => kernel.Key)
                .Order(StringComparer.Ordinal),
        ];
        return old.Length > 0 ? old[random.Next(old.Length)] : null;
    }

    // "6.3.0-2-im": the third file of import 3. "6.5.1-8-up": the ninth kernel that the uploader 1 sent in round 5.
    private static byte[] BtfOf(string release) =>
        MadeUpBtf.Of(release, int.Parse(release.Split('-')[1], CultureInfo.InvariantCulture) % 4 == 0 ? LargeBytes : 0);

    // An object that nobody has sent before: ELF ignores bytes after its end.
    private static byte[] ObjectOf(string name) => [.. Samples.Object, .. System.Text.Encoding.ASCII.GetBytes(name)];

    private async Task<string> TreeAsync(int round)
    {
        var folder = Path.Combine(_root, "trees", $"{round}");
        var kernels = Directory.CreateDirectory(Path.Combine(folder, "im", $"{round}", "x86_64")).FullName;
        for (var i = 0; i < FilesOfAnImport; i++)
            await File.WriteAllBytesAsync(Path.Combine(kernels, $"6.{round}.0-{i}-im.btf"), BtfOf($"6.{round}.0-{i}-im"));
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

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
