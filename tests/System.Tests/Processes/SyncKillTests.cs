using System.Text;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Processes;

/// <summary>
/// <c>relo sync</c> is killed (SIGKILL) at random moments, again and again. Each run continues where the last one was killed: nothing that
/// was acknowledged is downloaded again, and in the end every listed kernel is there with exactly the BTF of its package.
/// RELO_SYNC_KILLS sets how often; RELO_KILL_SEED repeats a run.
/// </summary>
public sealed partial class SyncKillTests(ITestOutputHelper output) : IAsyncLifetime
{
    // A run downloads three packages at a time, and is killed after at most MostLines lines of its progress.
    private const int AtOnce = 3, MostLines = 5, KernelsPerKill = 10, LargeBytes = 512 << 10, Killed = 128 + 9;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-sync-kill-").FullName;
    private readonly HashSet<string> _acknowledged = new(StringComparer.Ordinal); // releases, added or refused
    private readonly Dictionary<string, (byte[] Btf, byte[]? Module)> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unusable = new(StringComparer.Ordinal);
    private FileServer _server = null!;
    private int _late;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync();

    [Fact]
    public async Task Killed_at_any_moment_a_sync_continues_and_downloads_nothing_again()
    {
        var (kills, random) = Kills.Start("RELO_SYNC_KILLS", 6, output);
        Publish(kills * KernelsPerKill);
        for (var round = 0; round < kills; round++)
        {
            var (before, known) = (_server.Asked.Count, _acknowledged.ToHashSet(StringComparer.Ordinal));
            await KillAsync(round, random);
            await Kills.AssertVerifiedAsync(_root, round);
            Assert.Empty(Downloads(skip: before).Intersect(known));
        }

        Assert.True(_late <= kills / 2, $"{_late} of {kills} runs had ended before they were killed");
        var all = _listed.Count + _unusable.Count;
        var last = _server.Asked.Count;
        var (status, said) = await SyncAsync();
        Assert.True(status == 0, said);
        Assert.Matches($"debian: {all} listed, [0-9]+ present, [0-9]+ fetched, [0-9]+ refused(, [0-9]+ refused before)?, 0 failed", said);
        Assert.Empty(Downloads(skip: last).Intersect(_acknowledged));
        await Kills.AssertWholeAsync(_root, kills);
        var downloads = Downloads().ToList();
        var most = downloads.GroupBy(release => release, StringComparer.Ordinal).Max(release => release.Count());
        output.WriteLine($"{all} packages, {downloads.Count} downloads, at most {most} of one; "
            + $"{_acknowledged.Count} acknowledged before the last run");
        Assert.Equal(all, downloads.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(downloads.Count, all, all + (AtOnce * kills));
        Assert.InRange(most, 1, 1 + kills);

        last = _server.Asked.Count;
        (_, said) = await SyncAsync();
        Assert.Contains(
            $"debian: {all} listed, {_listed.Count} present, 0 fetched, 0 refused, {_unusable.Count} refused before, 0 failed", said,
            StringComparison.Ordinal);
        Assert.Empty(Downloads(skip: last));
        await AssertKernelsAsync();
    }

    // Somewhere between the start of the process and a line of its progress.
    private async Task KillAsync(int round, Random random)
    {
        using var program = Kills.StartProgram(_root, [.. Sync()]);
        var process = program.Process;
        var answer = process.StandardOutput.ReadToEndAsync();
        var (lines, done) = (random.Next(MostLines + 1), 0);
        if (lines == 0) await Task.Delay(random.Next(2500));
        var said = new StringBuilder();
        while (done < lines && await NextAsync() is { } line) done += Acknowledge(line);
        await Kills.KillAsync(process, random);
        while (await NextAsync() is { } line) done += Acknowledge(line);
        await answer;
        output.WriteLine($"{round}: killed after {done} kernels");
        Assert.True(process.ExitCode is Killed or 0, $"it failed: {said}");
        if (process.ExitCode == 0) _late++; // all was there: a busy machine was slow to kill

        async Task<string?> NextAsync()
        {
            var line = await process.StandardError.ReadLineAsync().WaitAsync(Kills.Patience);
            said.AppendLine(line);
            return line;
        }
    }

    private int Acknowledge(string line)
    {
        if (Line().Match(line) is not { Success: true } match) return 0;
        Assert.NotEqual("failed", match.Groups["outcome"].Value);
        _acknowledged.Add(match.Groups["release"].Value);
        return 1;
    }

    // "[3/40] added debian/12/x86_64/6.1.0-38-amd64: …"; the last one may have been cut.
    [GeneratedRegex(@"^\[\d+/\d+\] (?<outcome>added|refused|failed) debian/12/x86_64/(?<release>[^ :/]+): ")]
    private static partial Regex Line();

    private IEnumerable<string> Downloads(int skip = 0) => _server.Asked.Skip(skip)
        .Where(path => path.EndsWith(".deb", StringComparison.Ordinal))
        .Select(path => path.Split('/')[^1]["linux-image-".Length..].Split('_')[0]);

    private Task<(int Status, string Output)> SyncAsync() => RunProgram.RunAsync(_root, [.. Sync()]);

    // A busy machine is no failure of the server.
    private IEnumerable<string> Sync() => new AptRepository(_server)
        .Settings(("Archive:Upstream:Timeout", "00:02:00"), ("Archive:Upstream:ConnectTimeout", "00:01:00"))
        .Select(setting => $"--{setting.Key}={setting.Value}").Prepend("debian").Prepend("sync");

    /// <summary>
    /// Small and large kernels, some with a module, some with the BTF of another, and every tenth package with another kernel than its name
    /// says. The server takes its time, so that a kill may come during a download.
    /// </summary>
    private void Publish(int count)
    {
        var repository = new AptRepository(_server);
        for (var i = 0; i < count; i++)
        {
            var release = $"6.1.0-{i}-amd64";
            string[] types = ["int", "long", $"kernel_{i}"];
            var module = i % 3 == 1 ? TinyBtf.SplitOn(types, "tiny_type") : null;
            var like = i % 6 == 2 ? i - 2 : i;
            var btf = module is not null ? TinyBtf.Of(types) : MadeUpBtf.Of($"kernel_{like}", like % 4 == 0 ? LargeBytes : 0);
            var isUnusable = i % 10 == 9;
            if (isUnusable) _unusable.Add(release);
            else _listed[release] = (btf, module);
            (string, byte[])[] files = module is null
                ? []
                : [($"./lib/modules/{release}/kernel/fs/tiny.ko", TinyElf.Module(module, "tiny", release))];
            var name = $"linux-image-{release}";
            var package = AptRepository.Package(isUnusable ? "6.1.0-999-amd64" : release, btf, files);
            repository.Add(name, package);
            SendSlowly($"/debian/pool/main/l/linux/{name}_6.1.147-1_amd64.deb", package, TimeSpan.FromMilliseconds(i % 5 * 5));
        }

        repository.Publish();
    }

    private void SendSlowly(string path, byte[] bytes, TimeSpan pause) => _server.On(path, async http =>
    {
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), http.RequestAborted);
        await Task.Delay(pause, http.RequestAborted);
        await http.Response.Body.WriteAsync(bytes.AsMemory(bytes.Length / 2), http.RequestAborted);
    });

    private async Task AssertKernelsAsync()
    {
        using var service = new ServiceHost(_root);
        var list = await (await service.Http.GetAsync(new Uri("/v1/kernels?distro=debian&limit=1000", UriKind.Relative))).JsonAsync();
        Assert.Equal(
            _listed.Keys.Order(StringComparer.Ordinal),
            list["items"]!.AsArray().Select(kernel => (string)kernel!["release"]!).Order(StringComparer.Ordinal));
        foreach (var (release, (btf, module)) in _listed)
        {
            var id = $"kernel=debian/12/x86_64/{release}";
            Assert.Equal(btf, await service.Http.GetByteArrayAsync(new Uri($"/v1/kernels/btf?{id}", UriKind.Relative)));
            if (module is null) continue;
            var kernel = list["items"]!.AsArray().Single(item => (string)item!["release"]! == release);
            Assert.Equal(["tiny"], kernel!["modules"]!.AsArray().Select(name => (string)name!));
            var stored = Directory.GetFiles(Path.Combine(_root, "blobs"), Digest.Of(module).Hex, SearchOption.AllDirectories);
            Assert.Equal(module, await File.ReadAllBytesAsync(Assert.Single(stored)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
