using Relo.Api.Inputs;
using Relo.Archive.Faults;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>
/// Relocates an object for the kernels right before and right after a missing one. A layout changes at some release and stays: if an object
/// relocates to the same bytes on both sides of the missing kernel, nothing it reads moved between them. This takes two relocations, or one
/// if both kernels have the same BTF.
/// </summary>
internal sealed class NeighbourProof(RelocationRunner runner)
{
    /// <summary>Relocates the object for each neighbour.</summary>
    /// <param name="found">The object.</param>
    /// <param name="neighbours">The kernels.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    public async Task<IReadOnlyList<NeighbourResult>> OfAsync(FoundObject found, Neighbours neighbours, CancellationToken cancellation)
    {
        var older = await RelocateAsync(found, neighbours.Older, cancellation);
        var newer = neighbours.Newer is { } next && next.Btf == neighbours.Older?.Btf && older is not null
            ? older with { Kernel = next }
            : await RelocateAsync(found, neighbours.Newer, cancellation);
        var same = older is { PatchedDigest: not null } && older.PatchedDigest == newer?.PatchedDigest;
        return [.. Results()];

        IEnumerable<NeighbourResult> Results()
        {
            if (older is not null) yield return older.Result("older", same ? newer!.Kernel : null);
            if (newer is not null) yield return newer.Result("newer", same ? older!.Kernel : null);
        }
    }

    private async Task<Attempt?> RelocateAsync(FoundObject found, Kernel? kernel, CancellationToken cancellation)
    {
        if (kernel is null) return null;
        try
        {
            return await runner.RunAsync(found, kernel, cancellation, isReportRead: false) switch
            {
                RelocationMade made => new(kernel, made.Relocation.PatchedDigest, made.Relocation.Report.Verdict, null),
                RelocationRefused refused => new(kernel, null, null, refused.Failure.Message),
                ObjectUnknown => null, // deleted in the meantime
                var other => throw new InvalidOperationException(other.GetType().Name),
            };
        }
        catch (Exception e) when (e is KernelGoneException || (e is BlobLostException lost && lost.Digest == kernel.Btf))
        {
            return null; // this neighbour proves nothing; the requested kernel is still missing
        }
    }

    private sealed record Attempt(Kernel Kernel, Digest? PatchedDigest, Verdict? Verdict, string? Failure)
    {
        public NeighbourResult Result(string side, Kernel? same) =>
            new(Kernel, new(side, PatchedDigest, Verdict, Failure, same is null ? [] : [same.Id]));
    }
}
