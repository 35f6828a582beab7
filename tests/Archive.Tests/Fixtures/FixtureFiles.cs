namespace Relo.Archive.Tests.Fixtures;

/// <summary>Files the tests read: the committed ones, and real ones where the machine has them.</summary>
internal static class FixtureFiles
{
    public const string HostBtf = "/sys/kernel/btf/vmlinux";

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    /// <summary>A folder laid out as BTFHub, with real files; the test is skipped where there is none.</summary>
    public static string BtfHub()
    {
        if (Environment.GetEnvironmentVariable("RELO_BTFHUB") is { Length: > 0 } given) return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Api.sln"))) continue;
            var beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "btfhub"));
            if (Directory.Exists(beside)) return beside;
        }

        Assert.Skip("no BTFHub files here: set RELO_BTFHUB to a folder of <distro>/<version>/<arch>/<release>.btf.tar.xz");
        return "";
    }

    public static byte[] RunningKernel()
    {
        Assert.SkipUnless(File.Exists(HostBtf), $"the running kernel has no {HostBtf}");
        return File.ReadAllBytes(HostBtf);
    }
}
