namespace Relo.Archive.Upstream;

/// <summary>Section <c>Archive:Upstream</c> of the configuration: the sources from which missing kernels are fetched.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive:Upstream";

    /// <summary>
    /// Root URL of a tree <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf.tar.xz</c>; empty: none.
    /// </summary>
    public string BaseUrl { get; set; } = "https://raw.githubusercontent.com/aquasecurity/btfhub-archive/main/";

    /// <summary>Sources that are asked before <see cref="BaseUrl"/>, in this order.</summary>
    public IList<SourceSettings> Sources { get; } = [];

    /// <summary>The bandwidth of all downloads together; 0 = no limit.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>The largest package of a repository. Debug packages have more than a gigabyte.</summary>
    public long PackageBytes { get; set; } = 2047L << 20;

    /// <summary>The largest index of a repository, unpacked.</summary>
    public long IndexBytes { get; set; } = 512L << 20;

    /// <summary>
    /// Time limit for downloading one file, including all retries; without the time that <see cref="BytesPerSecond"/> adds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time limit for connecting; short, because a request waits for it.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Maximum size of a file. The largest of BTFHub has about 1 MB.</summary>
    public long FileBytes { get; set; } = 64L << 20;

    /// <summary>Time until a kernel that the upstream lacks, or whose file is bad, is requested again.</summary>
    public TimeSpan RememberMisses { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time without requests to a source; it begins when at least half of two or more downloads within this time failed.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A URL with a trailing slash, so that relative URLs resolve below it.</summary>
    internal static Uri Root(string url) => new(url.Trim().TrimEnd('/') + "/");

    /// <summary>The fault of the URL; null if it is valid.</summary>
    internal static string? AddressFault(string url) =>
        !Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            ? $"is '{url}', expected an http or https URL"
            : uri.Query.Length > 0 || uri.Fragment.Length > 0 ? $"is '{url}', expected an address without '?' and '#'" : null;
}
