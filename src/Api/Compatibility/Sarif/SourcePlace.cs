using Relo.Core.Objects;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>Places in the source.</summary>
internal static class SourcePlace
{
    /// <summary>
    /// The place of a line and its function; without line information the object itself; none if the object has no name either.
    /// </summary>
    public static IReadOnlyList<SarifLocation> Of(SourceLine? source, string? program, string? objectName)
    {
        var file = source?.File ?? objectName;
        if (file is null && program is null) return [];
        return [new(file is null ? null : new(new(UriOf(file)), source is null ? null : RegionOf(source)),
            program is null ? null : [new(program, "function")])];
    }

    /// <summary>
    /// A path as the compiler wrote it, as a URI: absolute paths with the scheme <c>file</c>, others relative to the folder of the
    /// compilation. Segments <c>..</c> are resolved, because a tool compares the URI with the paths of a repository (SARIF §3.10.2).
    /// </summary>
    public static string UriOf(string path)
    {
        var steps = new List<string>();
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == ".") continue;
            if (step == ".." && steps is [.., not ".."]) steps.RemoveAt(steps.Count - 1);
            else if (step != ".." || path[0] != '/') steps.Add(step);
        }

        return (path.StartsWith('/') ? "file:///" : "") + string.Join('/', steps.Select(Uri.EscapeDataString));
    }

    // Line information may have line 0 for compiler-generated code; the format starts at 1.
    private static SarifRegion? RegionOf(SourceLine source) =>
        source.Line < 1
            ? null
            : new(source.Line, source.Column < 1 ? null : source.Column, source.Text.Length == 0 ? null : new(source.Text));
}
