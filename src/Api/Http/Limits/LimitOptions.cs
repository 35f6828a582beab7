namespace Relo.Api.Http.Limits;

/// <summary>Section <c>Limits</c>: what one request, one connection and one caller may cost.</summary>
internal sealed class LimitOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Limits";

    /// <summary>Largest BPF object, as sent and unpacked. Default 32 MiB: the largest known real ones (cilium's) are below 10 MiB.</summary>
    public long ObjectBytes { get; set; } = 32L << 20;

    /// <summary>Largest kernel file of an upload. Default 512 MiB: a vmlinux with debug information is around 400 MiB.</summary>
    public long KernelFileBytes { get; set; } = 512L << 20;

    /// <summary>How much of uploaded objects, as sent and unpacked, may be in memory at once; who comes on top is told to come again. At least four times the largest object: that is what one may take on its way.</summary>
    public long BodyBytes { get; set; } = 256L << 20;

    /// <summary>How much disk space kernel files may take that are being uploaded or read; an upload beyond it gets 429.</summary>
    public long KernelUploadBytes { get; set; } = 2L << 30;

    /// <summary>How much memory answers may hold while clients read them. At least twice the largest object: one answer takes at most half of what is left.</summary>
    public long AnswerBytes { get; set; } = 256L << 20;

    /// <summary>How many connections may be open; 0 = as many as the limit of file handles and the memory allow. The server closes further ones at once.</summary>
    public long Connections { get; set; }

    /// <summary>The largest report or description of an object that is sent whole. Larger ones are sent in parts that the client chooses.</summary>
    public long ReportBytes { get; set; } = 64L << 20;

    /// <summary>Memory for reports that are being sent: what they hold, not what they are long.</summary>
    public long ReportMemoryBytes { get; set; } = 256L << 20;

    /// <summary>How many kernel files are unpacked and read at once; the others wait.</summary>
    public int KernelFiles { get; set; } = 2;

    /// <summary>How long a request may take until its answer begins, its body included.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The same for what takes long by its nature, whole answer included: kernel files, and questions over many kernels.</summary>
    public TimeSpan LongRequestTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A client that sends or reads a body more slowly is disconnected. 1 KiB/s is slower than any useful line.</summary>
    public double BodyBytesPerSecond { get; set; } = 1024;

    /// <summary>How long the head of a request may take.</summary>
    public TimeSpan HeaderTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be idle between requests.</summary>
    public TimeSpan KeepAliveTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the service waits, when it is told to stop, for the requests that it has begun.</summary>
    public TimeSpan ShutdownTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many pieces of work run at a time: relocations, and whatever else takes processor time. 0 = one per processor. Cached answers do not wait.
    /// </summary>
    public int Relocations { get; set; }

    /// <summary>
    /// How many more may wait, at most half of them for one client (key, else address). A fleet that reboots asks for a few dozen different ones
    /// at most; each that waits holds its object in memory.
    /// </summary>
    public int RelocationsWaiting { get; set; } = 256;

    /// <summary>How many pieces of work that take longer than a tenth of a second go on at the lowest priority, while shorter ones overtake them.</summary>
    public int LongWork { get; set; } = 64;

    /// <summary>Processor time of one piece of work. The slowest known real object takes 1.8 s.</summary>
    public TimeSpan WorkTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests a minute of each key; 0 = no limit.</summary>
    public int RequestsPerMinutePerKey { get; set; }

    /// <summary>Requests a minute without a key of each address; 0 = no limit, since a thousand nodes may share one address.</summary>
    public int RequestsPerMinutePerAddress { get; set; }

    /// <summary>What the largest object takes on its way: as sent, unpacked, taken out of its form, and half of that again while the last of them grows.</summary>
    internal long LeastBodyBytes => 4 * ObjectBytes;

    /// <summary>So that the largest object can be sent, and beside it others.</summary>
    internal long LeastAnswerBytes => 2 * ObjectBytes;

    /// <summary>Whether requests are counted at all.</summary>
    internal bool CountsRequests => RequestsPerMinutePerKey > 0 || RequestsPerMinutePerAddress > 0;
}
