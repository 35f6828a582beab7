namespace Relo.Archive;

/// <summary>Section <c>Archive</c> of the configuration.</summary>
public sealed class ArchiveOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive";

    /// <summary>The data folder: <c>relo.db</c> and <c>blobs/</c> are the whole state.</summary>
    public string Root { get; set; } = "./data";

    /// <summary>Whether the running kernel's own BTF is registered at start.</summary>
    public bool RegisterHostKernel { get; set; } = true;

    /// <summary>Where the running kernel shows its BTF.</summary>
    public string HostBtfPath { get; set; } = "/sys/kernel/btf/vmlinux";

    /// <summary>Where the host's distribution is named; in a container, mount the host's file and name it here.</summary>
    public string HostOsReleasePath { get; set; } = "/etc/os-release";

    /// <summary>Where the kernel says its release (<c>uname -r</c>).</summary>
    public string HostReleasePath { get; set; } = "/proc/sys/kernel/osrelease";

    /// <summary>Where the host's kernel says who built it.</summary>
    public string HostVersionPath { get; set; } = "/proc/version";

    /// <summary>Where the host's kernel has its ELF notes, the build-id among them.</summary>
    public string HostNotesPath { get; set; } = "/sys/kernel/notes";

    /// <summary>Architecture of the host; empty = ask the system.</summary>
    public string HostArch { get; set; } = "";

    /// <summary>How long bringing the database up to date may take before the start fails with a remedy.</summary>
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a write waits for its turn, or for a lock that another process holds on the database, before it is given up.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>No BTF larger than this is taken, whatever container it came in.</summary>
    public long BtfBytes { get; set; } = 256L << 20;

    /// <summary>No container may unpack to more than so many times its own size (small ones may unpack to 1 MiB).</summary>
    public int UnpackRatio { get; set; } = 200;

    /// <summary>No single file that is kept of what a container unpacks to, such as the vmlinux of a boot image, may be larger.</summary>
    public long UnpackedFileBytes { get; set; } = int.MaxValue;

    /// <summary>All layers of a file together may unpack to no more than this; the contents of a package are read through and not kept.</summary>
    public long UnpackedBytes { get; set; } = 8L << 30;

    /// <summary>How long the reading of one kernel file may take.</summary>
    public TimeSpan UnpackTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The program that makes BTF from the debug information (DWARF) of a vmlinux without .BTF, by name or path: <c>pahole</c>. Empty, the default: such files are refused.
    /// It reads uploaded files with the rights of the service, in C code that was not written for hostile input. Set it where everybody who may add kernels is trusted.
    /// </summary>
    public string Pahole { get; set; } = "";

    /// <summary>How long that program may take.</summary>
    public TimeSpan PaholeTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How much address space that program may have.</summary>
    public long PaholeBytes { get; set; } = 4L << 30;
}
