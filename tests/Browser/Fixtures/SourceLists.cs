using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Sync;
using Relo.Archive.Upstream;

namespace Relo.Browser.Fixtures;

/// <summary>What two sources listed, as a sync records it.</summary>
internal static class SourceLists
{
    /// <summary>Debian lists a kernel that is here, two that failed and one not tried; Ubuntu only kernels that are not here.</summary>
    public static async Task WriteAsync(ServiceHost service, int lacking)
    {
        using var body = new ByteArrayContent(Samples.OldBtf) { Headers = { ContentType = new("application/octet-stream") } };
        (await service.Http.PostAsync("/v1/kernels?distro=debian&version=12&arch=x86_64&release=6.1.0-1-amd64", body))
            .EnsureSuccessStatusCode();
        var ledger = service.Services.GetRequiredService<SourceLedger>();
        SourceKernel[] debian = [.. Enumerable.Range(1, 4).Select(i => new ListedKernel("debian", "12", "x86_64", $"6.1.0-{i}-amd64"))];
        await ledger.RecordListAsync("debian", debian, isComplete: true, default);
        await ledger.RecordTryAsync("debian", debian[2], "its kernel has no BTF: CONFIG_DEBUG_INFO_BTF is not set", isRefused: true);
        await ledger.RecordTryAsync("debian", debian[3], "it responds with 503", isRefused: false);
        await ledger.RecordListAsync("ubuntu",
            [.. Enumerable.Range(1, lacking).Select(i => new ListedKernel("ubuntu", "22.04", "arm64", $"5.15.0-{i}-generic"))],
            isComplete: true, default);
    }

    private sealed record ListedKernel(string Distro, string? Version, string Arch, string Release)
        : SourceKernel(Distro, Version, Arch, Release)
    {
        public override string Path => $"pool/linux-image-{Release}.deb";

        public override Task<SourceFile?> FetchAsync(CancellationToken ct) => Task.FromResult<SourceFile?>(null);
    }
}
