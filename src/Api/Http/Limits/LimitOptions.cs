namespace Relo.Api.Http.Limits;

/// <summary>Section <c>Limits</c>: resource limits per request, connection and caller.</summary>
internal sealed class LimitOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Limits";

    /// <summary>
    /// Largest BPF object, as sent and unpacked. Default 32 MiB: the largest known real ones (cilium's) are below 10 MiB.
    /// </summary>
    public long ObjectBytes { get; set; } = 32L << 20;

    /// <summary>Largest kernel file of an upload. Default 512 MiB: a vmlinux with debug information is around 400 MiB.</summary>
    public long KernelFileBytes { get; set; } = 512L << 20;

    /// <summary>
    /// Memory that all requests hold together: uploads, work on them, responses that are being sent. At most two fifths of the heap;
    /// at least five times the largest object.
    /// </summary>
    public long MemoryBytes { get; set; } = 1L << 30;

    /// <summary>Disk space of the kernel files that are being uploaded or read; an upload beyond it gets 429.</summary>
    public long KernelUploadBytes { get; set; } = 2L << 30;

    /// <summary>
    /// Maximum number of open connections; 0 = as many as the file handle limit and the memory allow. The server closes further ones
    /// immediately.
    /// </summary>
    public long Connections { get; set; }

    /// <summary>
    /// The largest report or description of an object that is sent whole. Larger ones are sent in parts that the client chooses.
    /// </summary>
    public long ReportBytes { get; set; } = 64L << 20;

    /// <summary>Maximum number of kernel files that are unpacked and read concurrently; others wait.</summary>
    public int KernelFiles { get; set; } = 2;

    /// <summary>Time limit of a request until its response starts, including its body.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time limit of slow requests, including the whole response: kernel files, and questions about many kernels.</summary>
    public TimeSpan LongRequestTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Clients that send or read a body more slowly are disconnected. 1 KiB/s is slower than any useful connection.</summary>
    public double BodyBytesPerSecond { get; set; } = 1024;

    /// <summary>Time limit of a request's header section.</summary>
    public TimeSpan HeaderTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time limit of an idle connection between requests.</summary>
    public TimeSpan KeepAliveTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a stopping service waits for the requests in progress.</summary>
    public TimeSpan ShutdownTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Maximum number of concurrent work items: relocations and other CPU work. 0 = one per processor. Cached results do not wait.
    /// </summary>
    public int Relocations { get; set; }

    /// <summary>
    /// Maximum number of queued work items, at most half of them for one client (key, else address). A fleet that reboots needs a few
    /// dozen different ones at most; each queued one holds its object in memory.
    /// </summary>
    public int RelocationsWaiting { get; set; } = 256;

    /// <summary>
    /// Maximum number of work items longer than 0.1 s that continue at the lowest priority while shorter ones overtake them.
    /// </summary>
    public int LongWork { get; set; } = 64;

    /// <summary>Processor time of one work item. The slowest known real object takes 1.8 s.</summary>
    public TimeSpan WorkTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests per minute for each key; 0 = no limit.</summary>
    public int RequestsPerMinutePerKey { get; set; }

    /// <summary>Requests per minute without a key for each address; 0 = no limit, since a thousand nodes may share one address.</summary>
    public int RequestsPerMinutePerAddress { get; set; }

    /// <summary>
    /// The largest upload takes four times the largest object: as sent, unpacked, extracted from its form, and half as much again while
    /// the last buffer grows. The fifth is for the reserve of small requests.
    /// </summary>
    internal const int MemoryPerObject = 5;

    /// <summary>The least <see cref="MemoryBytes"/>.</summary>
    internal long LeastMemoryBytes => MemoryPerObject * ObjectBytes;

    /// <summary>Whether the rate of requests is limited.</summary>
    internal bool CountsRequests => RequestsPerMinutePerKey > 0 || RequestsPerMinutePerAddress > 0;
}
