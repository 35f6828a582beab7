namespace Relo.Archive.Tests.Fixtures;

/// <summary>Files that the tests read: the committed ones, and real ones if the machine has them.</summary>
internal static class FixtureFiles
{
    public const string HostBtf = "/sys/kernel/btf/vmlinux";

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    /// <summary>A folder in BTFHub's layout with real files; the test is skipped without it.</summary>
    public static string BtfHub()
    {
        if (Environment.GetEnvironmentVariable("RELO_BTFHUB") is { Length: > 0 } given) return given;
        var beside = Path.GetFullPath(Path.Combine(Repository(), "..", "shared", "btfhub"));
        if (Directory.Exists(beside)) return beside;
        Assert.Skip("no BTFHub files here: set RELO_BTFHUB to a folder of <distro>/<version>/<arch>/<release>.btf.tar.xz");
        return "";
    }

    /// <summary>A package that tests/corpus/packages fetched; the test is skipped without it.</summary>
    /// <param name="pattern">Its file name, with * for what changes from one version to the next.</param>
    public static string Package(string pattern)
    {
        var folder = Cached("packages");
        var found = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).LastOrDefault() : null;
        Assert.SkipWhen(found is null, $"no {pattern} in {folder}: tests/corpus/packages fetches it");
        return found!;
    }

    /// <summary>A folder of what tests/run fetched; it need not exist.</summary>
    public static string Cached(string folder) => Path.Combine(Environment.GetEnvironmentVariable("RELO_CACHE") ?? UserCache(), folder);

    private static string UserCache() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".cache"), "relo");

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Api.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }

    public static byte[] RunningKernel()
    {
        Assert.SkipUnless(File.Exists(HostBtf), $"the running kernel has no {HostBtf}");
        return File.ReadAllBytes(HostBtf);
    }
}
