using System.Text.RegularExpressions;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Archive.Naming;
using Relo.Core.Fingerprints;

namespace Relo.Api.Types;

/// <summary>Consecutive kernels of one distribution, architecture and flavour that have the same layout of a name.</summary>
/// <param name="Line">The distribution, architecture and flavour.</param>
/// <param name="Layout">The fingerprint; null if they lack the name.</param>
/// <param name="Kernels">The kernels, oldest first.</param>
/// <param name="Before">The span before it in the line; null for the first.</param>
internal sealed partial record LayoutSpan(
    (string Distro, string Arch, string Flavour) Line, Fingerprint? Layout, IReadOnlyList<Kernel> Kernels, LayoutSpan? Before)
{
    private static readonly Comparer<ReleaseParts> _age = Comparer<ReleaseParts>.Create((one, other) => one.CompareAge(other));

    /// <summary>The spans of all lines, in the order of the lines and of the releases.</summary>
    public static IEnumerable<LayoutSpan> Of(IEnumerable<KernelLayout> layouts)
    {
        var flavours = new Dictionary<string, string>(StringComparer.Ordinal); // thousands of kernels have few
        var lines = layouts.Where(one => one.IsKnown)
            .Select(one => (one.Kernel, one.Fingerprint, Parts: ReleaseParts.Read(one.Kernel.Release)))
            .GroupBy(one => (one.Kernel.Distro, one.Kernel.Arch, Flavour: FlavourOf(one.Parts)))
            .OrderBy(line => line.Key.Distro, StringComparer.Ordinal).ThenBy(line => line.Key.Arch, StringComparer.Ordinal)
            .ThenBy(line => line.Key.Flavour, StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var (begun, kernels, before) = ((Fingerprint?)null, new List<Kernel>(), (LayoutSpan?)null);
            foreach (var one in line.OrderBy(one => one.Parts, _age))
            {
                if (kernels.Count > 0 && one.Fingerprint != begun)
                {
                    yield return before = new(line.Key, begun, kernels, before);
                    kernels = [];
                }

                begun = one.Fingerprint;
                kernels.Add(one.Kernel);
            }

            yield return new(line.Key, begun, kernels, before);
        }

        string FlavourOf(ReleaseParts parts)
        {
            if (!flavours.TryGetValue(parts.Flavour, out var known)) flavours.Add(parts.Flavour, known = Bare(parts.Flavour));
            return known;
        }
    }

    // deb12-cloud and deb13-cloud are one line: cloud.
    private static string Bare(string flavour) =>
        string.Join('-', flavour.Split('-').Where(part => !VersionOfDistribution().IsMatch(part)));

    [GeneratedRegex(@"^(deb|el|fc|amzn)\d+$")]
    private static partial Regex VersionOfDistribution();
}
