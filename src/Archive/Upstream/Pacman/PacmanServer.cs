namespace Relo.Archive.Upstream.Pacman;

/// <summary>A server as pacman's mirror lists name it: <c>https://mirror.example/$repo/os/$arch</c>.</summary>
/// <param name="Root">The part before the first variable, with a trailing slash.</param>
/// <param name="Rest">The rest; empty, or with a trailing slash.</param>
internal sealed record PacmanServer(Uri Root, string Rest)
{
    private const string Repository = "$repo", Architecture = "$arch";

    /// <summary>Reads a URL. <see cref="Fault"/> must not find a fault in it.</summary>
    public static PacmanServer Of(string url)
    {
        var whole = url.Trim().TrimEnd('/') + "/";
        var variable = whole.IndexOf('$', StringComparison.Ordinal);
        var root = variable < 0 ? whole.Length : whole.LastIndexOf('/', variable) + 1;
        return new(new(whole[..root]), whole[root..]);
    }

    /// <summary>The fault of a URL that is an address; null if there is none.</summary>
    public static string? Fault(string url) =>
        Filled(url, "", "").Contains('$', StringComparison.Ordinal)
            ? $"is '{url}', expected no variables but {Repository} and {Architecture}"
        : new Uri(url.Trim()).Authority.Contains('$', StringComparison.Ordinal) ? $"is '{url}', expected variables only in the path"
        : null;

    /// <summary>The folder of a repository below the root.</summary>
    public string FolderOf(string repository, string arch) => Filled(Rest, repository, arch);

    private static string Filled(string text, string repository, string arch) =>
        text.Replace(Repository, repository, StringComparison.Ordinal).Replace(Architecture, arch, StringComparison.Ordinal);
}
