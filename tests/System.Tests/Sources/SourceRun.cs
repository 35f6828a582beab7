using System.Collections.Concurrent;
using Relo.Archive.Kernels;
using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Sources;

/// <summary>An empty archive with one source.</summary>
internal sealed class SourceRun : IAsyncDisposable
{
    private const string Name = "tested";

    private readonly TestArchive _archive;

    private SourceRun(TestArchive archive) => _archive = archive;

    /// <summary>The digest of the BTF of every kernel in the archive, by the kernel's id.</summary>
    public IReadOnlyDictionary<string, Digest> Kernels =>
        _archive.Index.Matching(new()).ToDictionary(kernel => kernel.Id, kernel => kernel.Btf, StringComparer.Ordinal);

    /// <summary>The names of the modules of a kernel.</summary>
    public string[] ModulesOf(string id) =>
        [.. _archive.Index.Matching(new()).Single(kernel => kernel.Id == id).Modules];

    /// <summary>The digests of all stored BTF.</summary>
    public HashSet<Digest> Stored => _archive.Stored("btf");

    public static async Task<SourceRun> StartAsync(string type, string url, params (string Key, string Value)[] settings) =>
        new(await TestArchive.StartAsync(
            [.. settings.Append(("Type", type)).Append(("Name", Name)).Append(("Url", url))
                .Select(setting => ($"Archive:Upstream:Sources:0:{setting.Item1}", setting.Item2))]));

    /// <summary>Syncs, and lists what each kernel's line says: the kernel, the outcome and the detail.</summary>
    public async Task<(SyncSummary Summary, string[] Lines)> SyncAsync()
    {
        var (sync, lines) = (_archive.Get<KernelSync>(), new Lines());
        var summary = await sync.RunAsync(Assert.Single(sync.Named(Name)), new(), lines, TestContext.Current.CancellationToken);
        return (summary, [.. lines.All]);
    }

    /// <summary>Resolves a kernel as a request does.</summary>
    public Task<KernelResolution> FindAsync(string kernel, string? arch = null) =>
        _archive.Finder.FindAsync(new(kernel, arch), TestContext.Current.CancellationToken);

    /// <summary>Fails the test unless a sync lists and stores nothing, for this reason.</summary>
    public async Task AssertNothingListedAsync(string what, string reason)
    {
        var (summary, lines) = await SyncAsync();
        var fault = Assert.Single(summary.Faults);
        Assert.Contains(what, fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
        Assert.Equal((0, 0), (summary.Listed, lines.Length));
        Assert.Empty(Kernels);
        Assert.Empty(Stored);
    }

    public ValueTask DisposeAsync() => _archive.DisposeAsync();

    private sealed class Lines : IProgress<SyncProgress>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public void Report(SyncProgress value) => All.Enqueue($"{value.Kernel} {value.Outcome}: {value.Detail}");
    }
}
