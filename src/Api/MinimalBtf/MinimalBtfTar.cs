using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using Relo.Api.Http.Json;
using Relo.Api.Packing;
using Relo.Core;

namespace Relo.Api.MinimalBtf;

/// <summary>A tar.gz in BTFHub's layout. The same kernels and the same object give the same bytes.</summary>
/// <param name="parts">The parts, sorted by the kernel's id and computed on demand.</param>
/// <param name="fileName">Name of the download.</param>
internal sealed class MinimalBtfTar(IAsyncEnumerable<MinimalBtfPart> parts, string fileName)
    : PackAnswer(MediaTypeNames.Application.GZip, fileName)
{
    private const string FailedName = "failed.json";

    /// <inheritdoc/>
    protected override async Task WriteAsync(PackWriter pack, CancellationToken gone)
    {
        var failed = new List<FailedKernel>();
        await foreach (var part in parts)
        {
            if (part.Failure is { } failure) failed.Add(new FailedKernel(part.Kernel.Id, failure, null));
            else if (part.Lost is { } lost) failed.Add(new FailedKernel(part.Kernel.Id, null, lost.Message));
            else await pack.AddAsync($"{part.Kernel.Id}.btf", part.Btf, gone);
        }

        if (failed.Count > 0) await pack.AddAsync(FailedName, JsonSerializer.SerializeToUtf8Bytes(failed, ApiJson.Options), gone);
    }

    // Damaged is why the BTF cannot be read, even if the reason is that the kernel was deleted meanwhile.
    private sealed record FailedKernel(
        string Kernel,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RelocationFailed? Relocation,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Damaged);
}
