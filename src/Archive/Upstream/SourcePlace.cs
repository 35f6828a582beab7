namespace Relo.Archive.Upstream;

/// <summary>The address of a source, and how to send requests to it.</summary>
/// <param name="Root">Its root, with a trailing slash, so that relative URLs resolve below it.</param>
internal sealed record SourcePlace(Uri Root)
{
    /// <summary>Whether redirects are followed.</summary>
    public bool Follows { get; init; }

    /// <summary>Whether redirects may lead to private addresses.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>Time limit of one download; null: that of all sources.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The key that is sent to the source itself; null: none.</summary>
    public string? Key { get; init; }
}
