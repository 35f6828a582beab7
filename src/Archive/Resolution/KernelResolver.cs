using System.Text.RegularExpressions;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Resolution;

/// <summary>Finds the caller's kernel in the index, and never substitutes another. Every result lists the steps taken.</summary>
internal sealed partial class KernelResolver(KernelIndex index)
{
    /// <summary>Looks for the kernel in the current snapshot.</summary>
    public KernelResolution Resolve(KernelQuery query)
    {
        var snapshot = index.Current;
        if (snapshot.Found.Of(query) is { } known) return known;
        var resolution = Look(query, snapshot);
        if (resolution is KernelFound found) snapshot.Found.Keep(query, found);
        return resolution;
    }

    private static KernelResolution Look(KernelQuery query, KernelSnapshot snapshot)
    {
        var arch = Given(query.Arch, KernelName.Arch);
        var distro = Given(query.Distro, KernelName.Distro);
        var version = Given(query.Version, KernelName.Version);
        return IdentifierText.Read(query.Kernel) switch
        {
            NoIdentifier none => new KernelInvalid(none.Detail, ["the text is not a kernel identifier"]),
            BtfDigest digest => ByDigest(snapshot, digest, arch, distro, version),
            BuildId id => ByBuildId(snapshot, id, arch, distro, version),
            NamedRelease named => ByRelease(snapshot, query, named, arch, distro, version),
            var other => throw new InvalidOperationException($"unknown identifier {other.GetType().Name}"),
        };
    }

    private static KernelResolution ByDigest(KernelSnapshot snapshot, BtfDigest wanted, string? arch, string? distro, string? version)
    {
        var kernels = snapshot.WithBtf(wanted.Digest);
        List<string> steps = [$"read as the digest of a BTF; kernels with BTF {wanted.Digest}: {Narrowing.Counted(kernels.Length)}"];
        var narrowing = new Narrowing(kernels, kernels is [var one, ..] ? one.Release : "", steps);
        narrowing.ByArch(arch);
        narrowing.ByDistro(distro, version);
        return narrowing.Left is [var found, ..]
            ? new KernelFound(found, steps) { Matching = narrowing.Left, IsRebuild = narrowing.IsRebuild }
            : new KernelNotFound([], steps) { Detail = narrowing.Emptied };
    }

    private static KernelResolution ByBuildId(KernelSnapshot snapshot, BuildId wanted, string? arch, string? distro, string? version)
    {
        Kernel[] kernels = [.. snapshot.InOrder.Where(k => k.BuildId == wanted.Hex)];
        List<string> steps = [$"read as build-id {wanted.Hex}; kernels with it: {Narrowing.Counted(kernels.Length)}"];
        var narrowing = new Narrowing(kernels, kernels is [var one, ..] ? one.Release : "", steps);
        narrowing.ByArch(arch);
        narrowing.ByDistro(distro, version);
        if (Differ(narrowing.Left)) return new KernelAmbiguous(narrowing.Left, steps);
        if (narrowing.Left is [var found, ..])
            return new KernelFound(found, steps) { Matching = narrowing.Left, IsRebuild = narrowing.IsRebuild };
        return new KernelNotFound([], steps)
        {
            Wanted = kernels.Length == 0 ? wanted : null,
            Detail = narrowing.Emptied
                ?? $"no kernel has {BuildId.Prefix}{wanted.Hex}: build-ids are known only for kernels added as vmlinux, "
                + "boot image or package, because BTF does not contain them; give what uname -r or uname -a prints",
        };
    }

    private static KernelResolution ByRelease(
        KernelSnapshot snapshot, KernelQuery query, NamedRelease named, string? arch, string? distro, string? version)
    {
        var kernels = snapshot.WithRelease(named.Release);
        List<string> steps = [$"read as {named.Form}", $"release {named.Release}: {Narrowing.Counted(kernels.Length)}"];
        var narrowing = new Narrowing(kernels, named.Release, steps);
        Narrow(narrowing, named, arch, distro, version);
        if (narrowing.Left.Count == 0)
        {
            var wanted = named with
            {
                Arch = arch ?? named.Arch,
                Distro = distro ?? named.Distro,
                Version = version ?? named.Version,
                VersionAsGiven = Given(query.Version, v => v) ?? named.VersionAsGiven,
            };
            // A path of one distribution narrowed to another matches no kernel anywhere.
            var agree = Agree(arch, named.Arch) && Agree(distro, named.Distro) && Agree(version, named.Version);
            return NotFound(wanted, snapshot, steps) with { Wanted = agree ? wanted : null, Detail = narrowing.Emptied ?? Unknown(named) };
        }

        if (Differ(narrowing.Left))
        {
            steps.Add("they have different BTF; narrow by arch, distro, version, or give the id of one");
            return new KernelAmbiguous(narrowing.Left, steps);
        }

        if (narrowing.Left.Count > 1) steps.Add($"all share BTF {narrowing.Left[0].Btf}, so any of them works");
        var found = narrowing.Left[0];
        steps.Add($"found {found.Id}");
        var linux = Naming.LinuxVersion.FromRelease(found.Distro, found.Release, named.Banner, found.Banner);
        return new KernelFound(found, steps) { Matching = narrowing.Left, IsRebuild = narrowing.IsRebuild, LinuxVersion = linux };
    }

    // The identifier and the parameters must both match.
    private static void Narrow(Narrowing narrowing, NamedRelease named, string? arch, string? distro, string? version)
    {
        narrowing.ByArch(named.Arch);
        if (arch != named.Arch) narrowing.ByArch(arch);
        narrowing.ByBuildText(named.BuildArches);
        narrowing.ByDistro(named.Distro, named.Version);
        if ((distro, version) != (named.Distro, named.Version)) narrowing.ByDistro(distro, version);
        narrowing.ByBuilder(named.Said);
        // The caller's distribution wins over os-release.
        if (named.Os is { } os && distro is null && version is null) narrowing.ByOsRelease(os, named.Said);
        if (Differ(narrowing.Left)) narrowing.ByOwnUbuntu(named.Banner);
    }

    // For pasted text, names the release instead of repeating the text.
    private static string? Unknown(NamedRelease named)
        => named.Form is "path" ? null : $"no kernel in the archive matches '{named.Release}'";

    private static KernelNotFound NotFound(NamedRelease named, KernelSnapshot snapshot, List<string> steps)
    {
        if (DebianPackageVersion().IsMatch(named.Release))
            steps.Add($"{named.Release} looks like the version of a Debian package, which is not the kernel's release; "
                + "give the output of uname -r, such as 6.1.0-38-amd64");
        if (named.Release.EndsWith('+') || named.Release.EndsWith("-custom", StringComparison.Ordinal))
            steps.Add($"{named.Release} looks like a custom kernel, which no archive has; upload its /sys/kernel/btf/vmlinux");
        var (nearest, neighbours) = NearestKernels.To(named, snapshot);
        return new(nearest, steps) { Neighbours = neighbours };
    }

    private static bool Differ(IReadOnlyList<Kernel> kernels) => kernels.Any(k => k.Btf != kernels[0].Btf);

    private static bool Agree(string? parameter, string? identifier) => parameter is null || identifier is null || parameter == identifier;

    private static string? Given(string? text, Func<string, string> normalise) => string.IsNullOrWhiteSpace(text) ? null : normalise(text);

    // 6.1.148-1, 4.19.235-1~deb10u1, 6.12.9-1~bpo12+1: upstream version and Debian revision, where an ABI name (6.1.0-38-amd64) ends in a
    // flavour.
    [GeneratedRegex(@"^\d+\.\d+\.\d+-\d+([.~+][a-z0-9.~+]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DebianPackageVersion();
}
