using System.Collections.Concurrent;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Archive.Tests.Sync;

/// <summary>A sync fetches what a source lists and the archive lacks, and nothing twice.</summary>
public sealed class KernelSyncTests : IAsyncLifetime
{
    private static readonly string[] Releases = ["6.1.0-37-amd64", "6.1.0-38-amd64", "6.12.9+deb13-amd64"];
    private readonly Dictionary<string, byte[]> _packages = new(StringComparer.Ordinal);
    private FileServer _server = null!;
    private AptRepository _repository = null!;
    private TestArchive _archive = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<string> Packages => _server.Asked.Where(path => path.EndsWith(".deb", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync();
        _repository = new(_server);
        foreach (var release in Releases) _repository.Add("linux-image-" + release, PackageOf(release));
        _archive = await TestArchive.StartAsync(_repository.Settings(("Archive:Upstream:Pause", "00:00:00.5")));
    }

    [Fact]
    public async Task Every_kernel_is_here_afterwards_and_found_by_its_release()
    {
        var progress = new Progress();
        var summary = await SyncAsync(new(), progress);
        Assert.Equal((3, 0, 3, 0, 0), (summary.Listed, summary.Present, summary.Fetched, summary.Refused, summary.Failed));
        Assert.Equal(["debian/12/x86_64/6.1.0-37-amd64", "debian/12/x86_64/6.1.0-38-amd64", "debian/13/x86_64/6.12.9+deb13-amd64"],
            _archive.Index.Matching(new()).Select(k => k.Id));
        foreach (var release in Releases)
        {
            var found = Assert.IsType<KernelFound>(await _archive.Finder.FindAsync(new(release), Stop)).Kernel;
            Assert.Equal(Relo.Core.Bytes.Digest.Of(BtfOf(release)), found.Btf);
        }

        Assert.Equal([1, 2, 3], progress.All.Select(p => p.Done).Order());
        Assert.All(progress.All, p => Assert.Equal((3, "added"), (p.Total, p.Outcome)));
    }

    [Fact]
    public async Task The_next_run_downloads_no_package()
    {
        await SyncAsync(new());
        _server.Asked.Clear();
        await _archive.Restart();
        var summary = await SyncAsync(new());
        Assert.Equal((3, 3, 0), (summary.Listed, summary.Present, summary.Fetched));
        Assert.Empty(Packages);
    }

    [Fact]
    public async Task A_run_that_was_stopped_is_continued()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var progress = new Progress { Then = () => stopping.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SyncAsync(new(), progress, stopping.Token));
        var before = _archive.Index.Count;
        Assert.InRange(before, 1, 3);
        await _archive.Restart();
        var summary = await SyncAsync(new());
        Assert.Equal((before, 3 - before), (summary.Present, summary.Fetched));
    }

    [Theory]
    [InlineData(true)] // while the list is written
    [InlineData(false)] // while a kernel is stored
    public async Task It_waits_for_a_writer_that_takes_longer_than_a_request_would_wait(bool isList)
    {
        _repository.Publish();
        await using var archive = await TestArchive.StartAsync(_repository.Settings(("Archive:BusyTimeout", "00:00:01")));
        var sync = archive.Get<KernelSync>();
        var writer = archive.Get<ArchiveWriter>();
        var (writes, other) = (new TaskCompletionSource(), new TaskCompletionSource<bool>());
        Task<bool> OtherAsync() => writer.InTurnAsync(
            () =>
            {
                writes.SetResult();
                return other.Task;
            },
            Stop);
        var writing = isList ? OtherAsync() : null;
        if (isList) await writes.Task;
        var syncing = sync.RunAsync(Assert.Single(sync.Named("debian")), new(), null, Stop);
        while (!isList && !Packages.Any() && !syncing.IsCompleted) await Task.Delay(5, Stop);
        writing ??= OtherAsync();
        await writes.Task;
        await Task.Delay(2_500, Stop);
        Assert.False(syncing.IsCompleted);
        other.SetResult(true);
        await writing;
        var summary = await syncing;
        Assert.Equal((3, 0), (summary.Fetched, summary.Failed));
    }

    [Theory]
    [InlineData("6.1.*", 2)]
    [InlineData("6.1.0-38-amd64", 1)]
    [InlineData("debian/12/*/6.1.*", 2)]
    [InlineData("debian/13/*", 1)]
    [InlineData("ubuntu/*", 0)]
    public async Task Only_what_matches_is_fetched(string match, int kernels)
    {
        var summary = await SyncAsync(new(match));
        Assert.Equal((kernels, kernels), (summary.Listed, summary.Fetched));
        Assert.Equal(kernels, _archive.Index.Count);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        var summary = await SyncAsync(new(DryRun: true));
        Assert.Equal(3, summary.Fetched);
        Assert.True(summary.Bytes > 200_000);
        Assert.Empty(Packages);
        Assert.Equal(0, _archive.Index.Count);
        Assert.Empty((await CoverageAsync()).Sources);
    }

    [Fact]
    public async Task Older_files_are_left_out_by_their_date()
    {
        _repository.Publish();
        foreach (var release in Releases)
            _server.Send($"/debian/pool/main/l/linux/linux-image-{release}_6.1.147-1_amd64.deb", PackageOf(release),
                new DateTimeOffset(release.Contains("-38-", StringComparison.Ordinal) ? 2026 : 2024, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var summary = await SyncAsync(new(Since: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal((2, 1), (summary.Older, summary.Fetched));
        Assert.Equal("6.1.0-38-amd64", Assert.Single(_archive.Index.Matching(new())).Release);
    }

    [Fact]
    public async Task A_file_that_was_refused_is_downloaded_again_only_if_it_changed()
    {
        const string bad = "linux-image-6.1.0-40-amd64";
        _repository.Add(bad, AptRepository.Package("6.1.0-41-amd64", BtfOf("x")));
        var summary = await SyncAsync(new());
        Assert.Equal((3, 1), (summary.Fetched, summary.Refused));
        _server.Asked.Clear();
        summary = await SyncAsync(new());
        Assert.Equal((0, 1), (summary.Refused, summary.RefusedBefore));
        Assert.Empty(Packages);
        var lacking = Assert.Single((await CoverageAsync()).Items.SelectMany(item => item.Lacking));
        Assert.Equal("6.1.0-40-amd64", lacking.Release);
        Assert.Contains("it contains the kernel 6.1.0-41-amd64", lacking.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_downloaded_is_tried_again_by_the_next_run()
    {
        var file = "/debian/pool/main/l/linux/linux-image-6.1.0-38-amd64_6.1.147-1_amd64.deb";
        _repository.Publish();
        _server.On(file, http =>
        {
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        var summary = await SyncAsync(new("6.1.0-3*-amd64"), publish: false);
        Assert.Equal((1, 1), (summary.Fetched, summary.Failed));
        _server.Send(file, PackageOf("6.1.0-38-amd64"));
        summary = await SyncAsync(new("6.1.0-3*-amd64"), publish: false);
        Assert.Equal((1, 1, 0), (summary.Present, summary.Fetched, summary.Failed));
    }

    [Theory]
    [InlineData(false)] // other bytes
    [InlineData(true)] // a page that is larger than the package
    public async Task A_damaged_download_is_tried_again_by_the_next_run(bool isLarger)
    {
        const string release = "6.1.0-38-amd64", file = $"/debian/pool/main/l/linux/linux-image-{release}_6.1.147-1_amd64.deb";
        var package = PackageOf(release);
        _repository.Publish();
        _server.Send(file, isLarger ? [.. package, 1] : [.. package[..^1], (byte)(package[^1] ^ 1)]);
        var summary = await SyncAsync(new(release), publish: false);
        Assert.Equal((1, 0), (summary.Refused, summary.Failed));
        _server.Send(file, package);
        summary = await SyncAsync(new(release), publish: false);
        Assert.Equal((0, 1), (summary.RefusedBefore, summary.Fetched));
    }

    [Fact]
    public async Task The_bytes_of_modules_count_as_in_a_dry_run()
    {
        _repository.Add("linux-modules-" + Releases[0], AptRepository.Package("x", BtfOf("x")));
        var planned = await SyncAsync(new(Releases[0], DryRun: true));
        Assert.Equal(planned.Bytes, (await SyncAsync(new(Releases[0]))).Bytes);
    }

    [Fact]
    public async Task Coverage_says_what_is_listed_here_and_failed()
    {
        _repository.Add("linux-image-6.1.0-40-amd64", AptRepository.Package("6.1.0-41-amd64", BtfOf("x")));
        await SyncAsync(new("6.1.*"));
        var coverage = await CoverageAsync();
        var source = Assert.Single(coverage.Sources);
        Assert.Equal(("debian", 4, 2, 1), (source.Source, source.Listed, source.Here, source.Failed));
        Assert.Equal(
            [("debian", "12", "x86_64", 3, 2, 1), ("debian", "13", "x86_64", 1, 0, 0)],
            coverage.Items.Select(i => (i.Distro, i.Version, i.Arch, i.Listed, i.Here, i.Failed)));
        Assert.Null(coverage.Items[1].Lacking.Single().Reason); // not tried
        Assert.Single((await CoverageAsync(new(Version: "13"))).Items);
        Assert.Empty((await CoverageAsync(new(), "other")).Items);
    }

    [Fact]
    public async Task What_the_source_no_longer_lists_is_no_longer_counted_but_stays_here()
    {
        await SyncAsync(new());
        _archive.Clock.Advance(TimeSpan.FromHours(2));
        _repository = new(_server);
        _repository.Add("linux-image-" + Releases[0], PackageOf(Releases[0]));
        await SyncAsync(new());
        Assert.Equal(1, Assert.Single((await CoverageAsync()).Sources).Listed);
        Assert.Equal(3, _archive.Index.Count);
    }

    // Made once: a tar has the time.
    private byte[] PackageOf(string release)
    {
        if (!_packages.TryGetValue(release, out var package))
            _packages[release] = package = AptRepository.Package(release, BtfOf(release));
        return package;
    }

    private static byte[] BtfOf(string release) => TinyBtf.Of("int", "long", release.Replace('.', '_'));

    private Task<Coverage> CoverageAsync(KernelFilter? filter = null, string? source = null) =>
        _archive.Get<CoverageReader>().ReadAsync(source, filter ?? new(), 100, null, Stop);

    private Task<SyncSummary> SyncAsync(SyncRequest request, Progress? progress = null, CancellationToken? stop = null, bool publish = true)
    {
        if (publish) _repository.Publish();
        var sync = _archive.Get<KernelSync>();
        return sync.RunAsync(Assert.Single(sync.Named("debian")), request, progress, stop ?? Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _server.DisposeAsync();
    }

    private sealed class Progress : IProgress<SyncProgress>
    {
        public ConcurrentQueue<SyncProgress> All { get; } = new();

        public Action? Then { get; init; }

        public void Report(SyncProgress value)
        {
            All.Enqueue(value);
            Then?.Invoke();
        }
    }
}
