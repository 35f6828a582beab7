using Relo.Core.Tests.Rooms;

namespace Relo.Archive.Tests;

public class ArchitectureTests
{
    /// <summary>Folders of src/Archive; each uses only those before it.</summary>
    private static readonly string[] BottomToTop =
    [
        "Naming", "Settings", "Kernels", "Faults",
        "Blobs", "Blobs.S3", "KernelFiles", "Index", "Index.Sqlite", "Index.Postgres", "Damage", "Opened", "Layouts", "Objects", "Audit",
        "Kernels.Store", "PackedArchive", "Differences", "Import",
        "Upstream", "Upstream.BtfHub", "Upstream.Packages", "Upstream.Apt", "Upstream.Dnf", "Upstream.Pacman", "Upstream.OtherRelo",
        "Upstream.Debuginfod", "Upstream.Crawler", "Upstream.Configured", "Sync",
        "Resolution", "OnDemand", "Export", "Upkeep", "", "Move",
    ];

    [Fact]
    public void Folders_of_Archive_use_only_folders_below_them() =>
        Assert.Equal([], new RoomOrder(typeof(ArchiveStartup).Assembly, BottomToTop).Faults());
}
