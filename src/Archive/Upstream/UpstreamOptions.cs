namespace Relo.Archive.Upstream;

/// <summary>Section <c>Archive:Upstream</c> of the configuration: the archive that is asked for kernels which are not here.</summary>
public sealed class UpstreamOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Archive:Upstream";

    /// <summary>Root of a tree <c>&lt;distro&gt;/&lt;version&gt;/&lt;arch&gt;/&lt;release&gt;.btf.tar.xz</c> over HTTP; empty = none is asked.</summary>
    public string BaseUrl { get; set; } = "https://raw.githubusercontent.com/aquasecurity/btfhub-archive/main/";

    /// <summary>How long getting one file may take, with all its retries.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long reaching the host may take; short, because a request waits for it.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>No larger file is taken. The largest of BTFHub has about 1 MB.</summary>
    public long FileBytes { get; set; } = 64L << 20;

    /// <summary>How long a kernel that is not there either (or is bad there) is not asked for again.</summary>
    public TimeSpan RememberMisses { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long nothing is asked after the upstream failed twice in a row.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The root with a slash at its end, so that relative addresses go below it; null = none.</summary>
    internal Uri? Root => string.IsNullOrWhiteSpace(BaseUrl) ? null : new(BaseUrl.Trim().TrimEnd('/') + "/");

    /// <summary>What is wrong with the address; null where nothing is.</summary>
    internal string? AddressFault()
    {
        if (string.IsNullOrWhiteSpace(BaseUrl)) return null;
        if (!Uri.TryCreate(BaseUrl.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return $"Archive:Upstream:BaseUrl is '{BaseUrl}', expected an http or https address, or nothing";
        return uri.Query.Length > 0 || uri.Fragment.Length > 0 ? $"Archive:Upstream:BaseUrl is '{BaseUrl}', expected an address without '?' and '#'" : null;
    }
}
