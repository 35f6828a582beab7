using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Index;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Api.Tests.Relocations;

/// <summary>What a request has found out about its object is not found out again.</summary>
public sealed class DoneOnceTests : IDisposable
{
    private static readonly Digest Other = Digest.Of("another object"u8);

    private readonly ServiceHost _service = new(root: null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Object_that_was_parsed_is_neither_read_nor_parsed_again()
    {
        var found = new FoundObject(Samples.ObjectDigest, _ => throw new InvalidOperationException("read again"), 0)
        {
            Parsed = BpfObject.ReadOriginal(Samples.Object),
        };
        Assert.Equal(await PatchedAsync(FoundObject.Of(Samples.Object)), await PatchedAsync(found));
    }

    [Fact]
    public async Task Object_is_hashed_once_per_request()
    {
        // A wrong digest, so that a second computation would show.
        var made = await RelocateAsync(FoundObject.Of(Other, Samples.Object));
        Assert.Equal(Other.ToString(), made.Report.Object.Sha256);
    }

    public void Dispose() => _service.Dispose();

    private async Task<Digest> PatchedAsync(FoundObject found) => (await RelocateAsync(found)).PatchedDigest;

    private async Task<CompletedRelocation> RelocateAsync(FoundObject found)
    {
        var kernel = _service.Services.GetRequiredService<KernelIndex>().Find(Samples.NewKernel)!;
        // keep: false, so that the cache answers nothing.
        return Assert.IsType<RelocationMade>(
            await _service.Services.GetRequiredService<RelocationRunner>().RunAsync(found, kernel, Stop, keep: false)).Relocation;
    }
}
