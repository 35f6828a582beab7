using System.Diagnostics.CodeAnalysis;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Sync;

/// <summary>
/// The place of a lacking kernel in the coverage, and the cursor after it. Rows are in the order of their names; in each row, failed
/// kernels come first.
/// </summary>
public sealed record LackingCursor(string Distro, string Version, string Arch, bool HasFailed, string Release)
{
    private const string Failed = "failed", Untried = "untried";

    /// <summary>The cursor as text.</summary>
    public override string ToString() => KernelCursor.After(string.Join('/', HasFailed ? Failed : Untried, Distro, Version, Arch, Release));

    /// <summary>Parses a cursor of <see cref="ToString"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out LackingCursor? cursor)
    {
        cursor = KernelCursor.TryParse(text, out var place)
            && place.Split('/', 5) is [Failed or Untried, var distro, var version, var arch, var release] parts
                ? new(distro, version, arch, parts[0] == Failed, release)
                : null;
        return cursor is not null;
    }

    internal static int CompareRows((string Distro, string Version, string Arch) x, (string Distro, string Version, string Arch) y) =>
        (string.CompareOrdinal(x.Distro, y.Distro), NaturalOrder.Instance.Compare(x.Version, y.Version)) switch
        {
            (0, 0) => string.CompareOrdinal(x.Arch, y.Arch),
            (0, var order) => order,
            (var order, _) => order,
        };

    internal bool IsBefore(LackingCursor other)
    {
        var rows = CompareRows((Distro, Version, Arch), (other.Distro, other.Version, other.Arch));
        if (rows != 0) return rows < 0;
        return HasFailed == other.HasFailed ? NaturalOrder.Instance.Compare(Release, other.Release) < 0 : HasFailed;
    }
}
