using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Naming;
using Relo.Archive.Upstream.Apt;
using Relo.Archive.Upstream.BtfHub;
using Relo.Archive.Upstream.Crawler;
using Relo.Archive.Upstream.Debuginfod;
using Relo.Archive.Upstream.Dnf;
using Relo.Archive.Upstream.OtherRelo;
using Relo.Archive.Upstream.Packages;
using Relo.Archive.Upstream.Pacman;

namespace Relo.Archive.Upstream.Configured;

/// <summary>Opens the configured sources, one function for each type.</summary>
internal sealed class SourceTypes(IOptions<UpstreamOptions> options, ArchiveFolders folders, KernelFileReading reading, TimeProvider clock)
{
    // A package has a hundred megabytes.
    private static readonly TimeSpan PackageTime = TimeSpan.FromMinutes(15);

    // The server unpacks a package first.
    private static readonly TimeSpan SectionTime = TimeSpan.FromMinutes(2);

    private readonly UpstreamOptions _options = options.Value;
    private readonly Pace _pace = new(options.Value.BytesPerSecond, clock);
    private readonly List<IDisposable> _opened = [];

    /// <summary>All of them, in order; that of BaseUrl is the last.</summary>
    public KernelSources Open()
    {
        List<IKernelSource> sources = [.. _options.Sources.SelectMany(Open)];
        if (!string.IsNullOrWhiteSpace(_options.BaseUrl))
            sources.Add(BtfHub("", "the upstream archive", new(UpstreamOptions.Root(_options.BaseUrl))));
        return new(sources, _opened);
    }

    private IEnumerable<IKernelSource> Open(SourceSettings one)
    {
        var name = SourceSettingsCheck.NameOf(one);
        if (one.Type.Trim().Equals(SourceSettingsCheck.Debuginfod, StringComparison.OrdinalIgnoreCase))
            return DebuginfodUrls.Of(one.Url).Zip(SourceSettingsCheck.NamesOf(one), (url, own) => Debuginfod(own, one, url));
        return [Open(name, one)];
    }

    private IKernelSource Open(string name, SourceSettings one) => one.Type.Trim().ToLowerInvariant() switch
    {
        "btfhub" => BtfHub(name, $"the source {name}", Place(one)),
        "apt" => Apt(name, one),
        "dnf" => Dnf(name, one),
        "pacman" => Pacman(name, one),
        "relo" => new ReloSource(name, Words(one.Architectures), Client(Place(one) with { Key = KeyOf(one) }), _options),
        "crawler" => Crawler(name, one),
        var other => throw new InvalidOperationException($"unknown type of source {other}"),
    };

    private DebuginfodSource Debuginfod(string name, SourceSettings one, string url) => new(
        name,
        Client(new(UpstreamOptions.Root(url))
        {
            Follows = true,
            Timeout = one.Timeout ?? SectionTime,
            AllowsPrivate = one.PrivateRedirects,
        }),
        _options);

    private CrawlerSource Crawler(string name, SourceSettings one) => File.Exists(one.Url.Trim())
        ? new(name, KernelName.Arch(one.Architectures), one.Url.Trim(), null, _options)
        : new(name, KernelName.Arch(one.Architectures), null,
            Client(new(new Uri(one.Url.Trim())) { Follows = true, Timeout = one.Timeout, AllowsPrivate = one.PrivateRedirects }), _options);

    private static string? KeyOf(SourceSettings one) => one.KeyFile.Trim() is { Length: > 0 } file ? File.ReadAllText(file).Trim() : null;

    private BtfHubSource BtfHub(string name, string title, SourcePlace place) =>
        new(name, title, Client(place), _options, reading.Settings);

    private RepositorySource Apt(string name, SourceSettings one)
    {
        var (settings, client) = (Repository(one), PackageClient(one, UpstreamOptions.Root(one.Url)));
        return Opened(new RepositorySource(
            name, settings, new AptIndex(settings, Words(one.Suites), Words(one.Components), client), client, reading));
    }

    private RepositorySource Dnf(string name, SourceSettings one)
    {
        var (settings, client) = (Repository(one), PackageClient(one, UpstreamOptions.Root(one.Url)));
        return Opened(new RepositorySource(name, settings, new DnfIndex(settings, client), client, reading));
    }

    private RepositorySource Pacman(string name, SourceSettings one)
    {
        var (settings, server) = (Repository(one), PacmanServer.Of(one.Url));
        var client = PackageClient(one, server.Root);
        return Opened(new RepositorySource(
            name, settings, new PacmanIndex(settings, Words(one.Suites), server, client), client, reading));
    }

    private RepositorySettings Repository(SourceSettings one) => new(
        KernelName.Distro(one.Distro), one.Version.Trim(), Words(one.Architectures))
    {
        Keyring = one.Keyring.Trim(),
        IgnoresExpiry = one.IgnoreExpiry,
        KeepsModules = one.Modules,
        UsesDebug = one.Debug,
        PackageBytes = _options.PackageBytes,
        IndexBytes = _options.IndexBytes,
        Refresh = _options.RememberMisses,
        Reading = reading.Settings,
        Clock = clock,
    };

    private static SourcePlace Place(SourceSettings one) =>
        new(UpstreamOptions.Root(one.Url)) { Timeout = one.Timeout, AllowsPrivate = one.PrivateRedirects };

    private SourceClient PackageClient(SourceSettings one, Uri root) =>
        Client(Place(one) with { Root = root, Follows = true, Timeout = one.Timeout ?? PackageTime });

    private SourceClient Client(SourcePlace place) => Opened(new SourceClient(place, _options, _pace, folders.Scratch));

    private T Opened<T>(T one)
        where T : IDisposable
    {
        _opened.Add(one);
        return one;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
