namespace Relo.Archive.Upstream;

/// <summary>One source, <c>Archive:Upstream:Sources:&lt;n&gt;</c>. Lists are words separated by spaces.</summary>
public sealed class SourceSettings
{
    /// <summary><c>btfhub</c>, <c>apt</c>, <c>dnf</c>, <c>pacman</c>, <c>relo</c>, <c>debuginfod</c>, <c>crawler</c>.</summary>
    public string Type { get; set; } = "";

    /// <summary>Its name on the command line and in messages; empty: its type.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// Its root. pacman: a server as in its mirror lists, with <c>$repo</c> and <c>$arch</c>; debuginfod: empty means
    /// <c>DEBUGINFOD_URLS</c>; crawler: the URL or the file of the list.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>apt: the suites of the repository; pacman: the repositories of the server.</summary>
    public string Suites { get; set; } = "";

    /// <summary>apt: the components of each suite.</summary>
    public string Components { get; set; } = "main";

    /// <summary>
    /// The architectures to serve. apt, dnf, pacman: required, as the repository spells them; crawler: the one of the list; relo: empty
    /// means all; btfhub, debuginfod: not allowed.
    /// </summary>
    public string Architectures { get; set; } = "";

    /// <summary>The distribution of a repository's kernels: os-release <c>ID</c>.</summary>
    public string Distro { get; set; } = "";

    /// <summary>The version of a repository's kernels; empty: what the repository and the kernels say.</summary>
    public string Version { get; set; } = "";

    /// <summary>
    /// apt, dnf, pacman: the keyring against which gpgv checks the signature of the repository, or of each package; empty: not checked,
    /// only checksums.
    /// </summary>
    public string Keyring { get; set; } = "";

    /// <summary>apt: whether a signed Release is accepted after its Valid-Until, as in a snapshot of a repository.</summary>
    public bool IgnoreExpiry { get; set; }

    /// <summary>apt, dnf, pacman: whether modules are kept too.</summary>
    public bool Modules { get; set; } = true;

    /// <summary>apt, dnf: whether a debug package is fetched if a kernel's own package has no BTF.</summary>
    public bool Debug { get; set; }

    /// <summary>Time limit for one download; null: the default of the type.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>Whether the source may redirect to private addresses.</summary>
    public bool PrivateRedirects { get; set; }

    /// <summary>relo: a file with the key of the other archive.</summary>
    public string KeyFile { get; set; } = "";
}
