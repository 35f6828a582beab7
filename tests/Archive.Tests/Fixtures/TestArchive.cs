using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Move;
using Relo.Archive.Objects;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>A whole archive in its own folder. <see cref="Restart"/> simulates the death of the process: its memory is lost.</summary>
internal sealed class TestArchive : IAsyncDisposable
{
    private static readonly string[] BlobFolders = ["blobs/btf", "blobs/objects", "orphans"];

    private readonly Dictionary<string, string?> _settings;
    private readonly bool _givesDatabase, _givesBlobs;
    private ServiceProvider _services = null!;

    private TestArchive(Dictionary<string, string?> settings) =>
        (_settings, _givesDatabase, _givesBlobs) =
            (settings, settings.ContainsKey("Archive:Database"), settings.ContainsKey("Archive:Blobs"));

    public string Root { get; } = Directory.CreateTempSubdirectory("relo-archive-").FullName;

    public ManualClock Clock { get; } = new();

    /// <summary>Receives its log lines; set before the start.</summary>
    public ILoggerProvider? Logger { get; set; }

    public KernelStore Store => Get<KernelStore>();
    public KernelIndex Index => Get<KernelIndex>();
    public KernelFinder Finder => Get<KernelFinder>();
    public KernelResolver Resolver => Get<KernelResolver>();
    public BtfCache Cache => Get<BtfCache>();
    public ObjectStore Objects => Get<ObjectStore>();
    public KernelImporter Importer => Get<KernelImporter>();
    public string Database => Path.Combine(Root, "relo.db");

    public static async Task<TestArchive> StartAsync(params (string Key, string Value)[] settings)
    {
        var archive = Prepare(settings);
        await archive.Restart();
        return archive;
    }

    public static TestArchive Prepare(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Archive:RegisterHostKernel"] = "false",
            ["Archive:Upstream:BaseUrl"] = "",
            ["Archive:Upstream:Timeout"] = "00:02:00", // a busy machine is no failure of the mirror,
            ["Archive:BusyTimeout"] = "00:02:00", // nor of other writers
        };
        foreach (var (key, value) in settings) all[key] = value;
        return new(all);
    }

    public Task Restart() => Restart(Root);

    /// <param name="root">Its folder.</param>
    /// <param name="database">The setting Archive:Database, empty for SQLite; null: the database of this folder.</param>
    /// <param name="blobs">The setting Archive:Blobs, empty for files; null: the store of this folder.</param>
    public async Task Restart(string root, string? database = null, string? blobs = null)
    {
        await Reset(root, database, blobs);
        await Get<ArchiveStartup>().StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Its settings.</summary>
    public IConfiguration Configuration(string? root = null, string? database = null, string? blobs = null)
    {
        root ??= Root;
        _settings["Archive:Root"] = root;
        if (!_givesDatabase) _settings["Archive:Database"] = database ?? TestDatabase.Of(root);
        if (!_givesBlobs)
            foreach (var (key, value) in TestBlobs.SettingsOf(root)) _settings[key] = value;
        if (blobs is not null) _settings["Archive:Blobs"] = blobs;
        return new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
    }

    /// <summary>A process that has not started yet.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="database">The setting; null: the test's own, or the database of this folder.</param>
    /// <param name="blobs">As for <see cref="Restart(string, string?, string?)"/>.</param>
    public async Task Reset(string root, string? database = null, string? blobs = null)
    {
        await StopAsync();
        var configuration = Configuration(root, database, blobs);
        _services = new ServiceCollection().AddLogging(logging =>
        {
            if (Logger is not null) logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Logger);
        }).AddSingleton<TimeProvider>(Clock).AddArchive(configuration).AddSingleton<ArchiveMove>()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>A copy of its current files, as after a kill, because the writing process continues.</summary>
    public TestArchive Killed()
    {
        TestBlobs.SkipUnlessFiles(); // a store does not copy itself
        var copy = Prepare();
        foreach (var path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy.Root, Path.GetRelativePath(Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(path, to);
        }

        TestDatabase.Copy(Root, copy.Root);
        return copy;
    }

    /// <summary>The digests of all BTF and objects that have a file, in any place.</summary>
    public HashSet<string> Blobs()
    {
        TestBlobs.SkipUnlessFiles();
        return AllBlobs();
    }

    private HashSet<string> AllBlobs() => [.. BlobFolders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Select(Path.GetFileName)
            .Where(name => Digest.TryParse(name, out _)).OfType<string>()];

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<AddOutcome> AddAsync(byte[] file, string release = "6.1.0-1-amd64", string? arch = "x86_64", string? distro = null,
        string? version = null, bool replace = false) =>
        Store.AddAsync(file, new(distro, version, arch, release), "upload", replace, TestContext.Current.CancellationToken);

    /// <summary>The file of a BTF; the test is skipped if blobs are not in files.</summary>
    public string BtfPath(Digest digest)
    {
        TestBlobs.SkipUnlessFiles();
        return Get<ArchiveBlobs>().Btf.NameOf(digest);
    }

    /// <summary>The digests of all blobs of a kind, <c>btf</c> or <c>objects</c>.</summary>
    public HashSet<Digest> Stored(string kind)
    {
        var blobs = Get<ArchiveBlobs>();
        return [.. (kind == "btf" ? blobs.Btf : blobs.Objects).SizesAsync(TestContext.Current.CancellationToken).GetAwaiter()
            .GetResult().Keys];
    }

    /// <summary>The files of a kind of blobs; the test is skipped if blobs are not in files.</summary>
    public string[] Files(string folder)
    {
        TestBlobs.SkipUnlessFiles();
        return FilesIn(folder);
    }

    private string[] FilesIn(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "blobs", folder), "*", SearchOption.AllDirectories)];

    public Task<object?> SqlAsync(string sql) => TestDatabase.SqlAsync(Root, sql);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        TestDatabase.Drop(Root);
        Directory.Delete(Root, recursive: true);
    }

    private async Task StopAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }
}

/// <summary>A clock that advances only when a test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => _now + _ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>Sets the clock without elapsed time.</summary>
    public void Set(TimeSpan by) => _ahead += by;
}
