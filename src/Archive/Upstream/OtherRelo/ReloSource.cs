using System.Text.Json;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream.OtherRelo;

/// <summary>
/// Another Relo: its list of kernels, and their BTF by digest. It is asked only for what it has, so two archives that name each other as
/// sources do not ask in a circle. Modules have no route, so kernels come without them.
/// </summary>
internal sealed class ReloSource(string name, IReadOnlyList<string> arches, SourceClient client, UpstreamOptions options) : IKernelSource
{
    private const int PageKernels = 1000, MostKernels = 1_000_000, MostPages = MostKernels / PageKernels;

    public string Name => name;

    public string Title => $"the source {name}";

    public string? KeyOf(KernelIdentifier wanted, out string why)
    {
        why = "its list does not have build-ids";
        if (wanted is not NamedRelease named) return null;
        var arch = named.Arch ?? KernelName.ArchOfRelease(named.Release);
        why = KernelName.Fault("release", named.Release)
            ?? (arch is not null && !Serves(arch) ? $"it does not serve {arch}" : "");
        return why.Length > 0 ? null
            : $"{named.Distro}/{named.Version}/{arch}/{named.Release}/{named.Said.Distro}/{named.Said.Version}"
                + $"/{named.Os?.Distro}/{named.Os?.Version}/{named.Os?.Base?.Version}";
    }

    public async Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct)
    {
        var named = (NamedRelease)wanted;
        var query = $"v1/kernels?limit={PageKernels}&release={Uri.EscapeDataString(named.Release)}";
        if ((named.Arch ?? KernelName.ArchOfRelease(named.Release)) is { } arch) query += $"&arch={Uri.EscapeDataString(arch)}";
        if (named.Distro is { } distro) query += $"&distro={Uri.EscapeDataString(distro)}";
        if (named.Version is { } version) query += $"&version={Uri.EscapeDataString(version)}";
        return [.. (await PageAsync(query, ct)).Kernels.Where(kernel => WantedKernel.Fits(named, kernel.Distro, kernel.Version))];
    }

    public async Task<SourceList> ListAsync(CancellationToken ct)
    {
        var all = new List<SourceKernel>();
        string? after = null;
        for (var page = 1; ; page++)
        {
            var query = $"v1/kernels?limit={PageKernels}" + (after is null ? "" : $"&after={Uri.EscapeDataString(after)}");
            var (kernels, next) = await PageAsync(query, ct);
            all.AddRange(kernels);
            if (next is null) return new(all, []);
            // Empty pages, or those of architectures that are not served, count too.
            if (page == MostPages || all.Count > MostKernels || next == after) throw SourceException.Unfit(query, "its list does not end");
            after = next;
        }
    }

    private bool Serves(string arch) => arches.Count == 0 || arches.Any(own => KernelName.Arch(own) == KernelName.Arch(arch));

    private async Task<(IReadOnlyList<SourceKernel> Kernels, string? Next)> PageAsync(string query, CancellationToken ct)
    {
        using var body = await client.GetAsync(query, query, options.FileBytes, ct)
            ?? throw SourceException.Unfit(query, "it does not exist; expected the address of a Relo");
        try
        {
            using var page = JsonDocument.Parse(body.Bytes);
            return (
                [.. page.RootElement.GetProperty("items").EnumerateArray().Select(KernelOf).Where(kernel => Serves(kernel.Arch))],
                page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw SourceException.Unfit(query, $"it is not a list of kernels: {e.Message}", e);
        }
    }

    private ReloKernel KernelOf(JsonElement item)
    {
        string Text(string property) => item.GetProperty(property).GetString() ?? throw new FormatException($"{property} is null");
        var (distro, version, arch, release) = (Text("distro"), Text("version"), Text("arch"), Text("release"));
        var fault = KernelName.Fault("distro", distro) ?? KernelName.Fault("version", version) ?? KernelName.Fault("arch", arch)
            ?? KernelName.Fault("release", release);
        return fault is null
            ? new(distro, version, arch, release, Digest.Parse(Text("btf")), item.GetProperty("addedAt").GetDateTimeOffset(), client,
                options.FileBytes)
            : throw new FormatException(fault);
    }
}
