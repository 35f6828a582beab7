using System.Text.RegularExpressions;

namespace Relo.Archive.Resolution;

/// <summary>Which distribution and version a release alone gives away. Only where it leaves no choice: <c>.el8</c> is of five distributions.</summary>
internal sealed partial record ReleaseOrigin(string Distro, string Version)
{
    public static ReleaseOrigin? Of(string release)
    {
        if (Amazon().Match(release) is { Success: true } amazon) return new("amzn", amazon.Groups[1].Value);
        if (OracleUek().Match(release) is { Success: true } oracle) return new("ol", oracle.Groups[1].Value);
        return Fedora().Match(release) is { Success: true } fedora ? new("fedora", fedora.Groups[1].Value) : null;
    }

    [GeneratedRegex(@"\.amzn([12])\.", RegexOptions.CultureInvariant)]
    private static partial Regex Amazon();

    [GeneratedRegex(@"\.el(\d)uek\.", RegexOptions.CultureInvariant)]
    private static partial Regex OracleUek();

    [GeneratedRegex(@"\.fc(\d\d)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Fedora();
}
