namespace Relo.Archive.Upstream.Crawler;

/// <summary>A kernel of a list without files.</summary>
internal sealed record CrawledKernel(string Distro, string? Version, string Arch, string Release)
    : SourceKernel(Distro, Version, Arch, Release)
{
    public override string Path => Release;

    public override bool CanFetch => false;

    public override Task<SourceFile?> FetchAsync(CancellationToken ct) => Task.FromResult<SourceFile?>(null);
}
