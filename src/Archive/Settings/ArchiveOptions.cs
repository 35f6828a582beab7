namespace Relo.Archive.Settings;

/// <summary>Section <c>Archive</c> of the configuration.</summary>
public sealed class ArchiveOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive";

    /// <summary>The data folder: <c>relo.db</c> and <c>blobs/</c> are the whole state.</summary>
    public string Root { get; set; } = "./data";

    /// <summary>
    /// Where the index is. Empty: <c>relo.db</c> under <see cref="Root"/>. A connection string (<c>Host=…;Database=…</c>): a PostgreSQL
    /// database, which many nodes may share.
    /// </summary>
    public string Database { get; set; } = "";

    /// <summary>Where the blobs are: <c>s3://bucket/prefix</c>, or empty for files under <see cref="Root"/>.</summary>
    public string Blobs { get; set; } = "";

    /// <summary>Whether a start adds the running kernel's own BTF.</summary>
    public bool RegisterHostKernel { get; set; } = true;

    /// <summary>Path of the running kernel's BTF.</summary>
    public string HostBtfPath { get; set; } = "/sys/kernel/btf/vmlinux";

    /// <summary>Path of the host's os-release file; in a container, mount the host's file and set its path here.</summary>
    public string HostOsReleasePath { get; set; } = "/etc/os-release";

    /// <summary>Path of the running kernel's release (<c>uname -r</c>).</summary>
    public string HostReleasePath { get; set; } = "/proc/sys/kernel/osrelease";

    /// <summary>Path of the host kernel's version text, which names its builder.</summary>
    public string HostVersionPath { get; set; } = "/proc/version";

    /// <summary>Path of the host kernel's ELF notes, which include the build-id.</summary>
    public string HostNotesPath { get; set; } = "/sys/kernel/notes";

    /// <summary>Architecture of the host; empty: detect it.</summary>
    public string HostArch { get; set; } = "";

    /// <summary>Time limit for bringing the database up to date; beyond it, the start fails and says what to do.</summary>
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a write waits for its turn, or for a database lock held by another process, before it fails.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum size of a BTF, in any container.</summary>
    public long BtfBytes { get; set; } = 256L << 20;

    /// <summary>Maximum ratio of a container's unpacked size to its own size (small ones may unpack to 1 MiB).</summary>
    public int UnpackRatio { get; set; } = 200;

    /// <summary>Maximum size of one unpacked file that is kept, such as the vmlinux of a boot image.</summary>
    public long UnpackedFileBytes { get; set; } = int.MaxValue;

    /// <summary>Maximum unpacked size of all layers of a file together; package contents are streamed and not kept.</summary>
    public long UnpackedBytes { get; set; } = 8L << 30;

    /// <summary>Time limit for reading one kernel file.</summary>
    public TimeSpan UnpackTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The program that generates BTF from the debug information (DWARF) of a vmlinux without .BTF, by name or path: <c>pahole</c>. Empty,
    /// the default: such files are refused. It reads uploaded files with the rights of the service, in C code that was not written for
    /// hostile input. Set it only if you trust everyone who may add kernels.
    /// </summary>
    public string Pahole { get; set; } = "";

    /// <summary>Time limit for that program.</summary>
    public TimeSpan PaholeTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Limit for that program's address space.</summary>
    public long PaholeBytes { get; set; } = 4L << 30;

    /// <summary>
    /// Whether the BTF of kernels is stored as differences to that of similar kernels, which takes a fraction of the space. BTF that is
    /// already packed stays readable if this is turned off.
    /// </summary>
    public bool Pack { get; set; } = true;

    /// <summary>How long after a kernel was added its BTF is packed.</summary>
    public TimeSpan PackAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Number of entries of the audit trail, at about 500 bytes each, before the oldest are deleted; 10,000 or more.</summary>
    public int AuditEntries { get; set; } = 1_000_000;
}
