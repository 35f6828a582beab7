namespace Relo.Archive.Upstream;

/// <summary>Section <c>Archive:Upstream</c> of the configuration: the archive from which missing kernels are fetched.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive:Upstream";

    /// <summary>
    /// Root URL of a tree <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf.tar.xz</c>; empty: no upstream.
    /// </summary>
    public string BaseUrl { get; set; } = "https://raw.githubusercontent.com/aquasecurity/btfhub-archive/main/";

    /// <summary>Time limit for downloading one file, including all retries.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time limit for connecting; short, because a request waits for it.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Maximum size of a file. The largest of BTFHub has about 1 MB.</summary>
    public long FileBytes { get; set; } = 64L << 20;

    /// <summary>Time until a kernel that the upstream lacks, or whose file is bad, is requested again.</summary>
    public TimeSpan RememberMisses { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time without requests after the upstream failed twice in a row.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The root with a trailing slash, so that relative URLs resolve below it; null: no upstream.</summary>
    internal Uri? Root => string.IsNullOrWhiteSpace(BaseUrl) ? null : new(BaseUrl.Trim().TrimEnd('/') + "/");

    /// <summary>The fault of the URL; null if it is valid.</summary>
    internal string? AddressFault()
    {
        if (string.IsNullOrWhiteSpace(BaseUrl)) return null;
        if (!Uri.TryCreate(BaseUrl.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return $"Archive:Upstream:BaseUrl is '{BaseUrl}', expected an http or https URL, or an empty value";
        return uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? $"Archive:Upstream:BaseUrl is '{BaseUrl}', expected an address without '?' and '#'"
            : null;
    }
}
