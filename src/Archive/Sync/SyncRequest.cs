using System.IO.Enumeration;
using Relo.Archive.Upstream;

namespace Relo.Archive.Sync;

/// <summary>Which kernels of a source to fetch.</summary>
/// <param name="Match">Pattern of the release, or of <c>distro/version/arch/release</c>; null: all.</param>
/// <param name="Since">Only kernels whose file is not older; null: all.</param>
/// <param name="DryRun">Only list what would be fetched.</param>
public sealed record SyncRequest(string? Match = null, DateTimeOffset? Since = null, bool DryRun = false)
{
    internal bool Matches(SourceKernel kernel) => Match is null || FileSystemName.MatchesSimpleExpression(
        Match, Match.Contains('/', StringComparison.Ordinal) ? kernel.Id : kernel.Release, ignoreCase: false);
}
