using Relo.Archive.Kernels;
using Relo.Core;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>The result of a relocation request. Malformed objects throw <see cref="MalformedObjectException"/> instead.</summary>
internal abstract record RelocationResult
{
    /// <summary>Whether the node had read the tag of the object before the request; null if a digest names the object.</summary>
    public bool? IsTagRemembered { get; init; }
}

/// <summary>Success.</summary>
internal sealed record RelocationMade(CompletedRelocation Relocation) : RelocationResult;

/// <summary>Success, but the client's <c>failOn</c> rejects the outcome.</summary>
internal sealed record RelocationUnwanted(CompletedRelocation Relocation, FailOn Reason) : RelocationResult
{
    private const int MostNamed = 3;

    /// <summary>The rejected outcome.</summary>
    public string Detail
    {
        get
        {
            var summary = Relocation.Report.Summary;
            return $"{summary.Poisoned} of {summary.Relocations} relocations are poisoned, {summary.PoisonedReachable} of them can be "
                + $"reached{(summary.Absent > 0 ? $", {Absent()}" : "")}; failOn={Reason.Text()} refuses that";

            string Absent() => string.Join(", ", Relocation.Report.Checks
                .Where(check => check.IsLacking).Take(MostNamed).Select(check => check.Evidence));
        }
    }
}

/// <summary>libbpf would refuse the object on this kernel.</summary>
internal sealed record RelocationRefused(RelocationFailed Failure, Kernel Kernel) : RelocationResult;

/// <summary>No kernel matches; the results on its neighbours may show whether the object would work on it.</summary>
internal sealed record KernelMissing(KernelNotFound Resolution, IReadOnlyList<NeighbourResult> Neighbours) : RelocationResult;

/// <summary>The identifier is invalid, or several kernels have it.</summary>
internal sealed record KernelUnresolved(KernelResolution Resolution) : RelocationResult;

/// <summary>The service does not have the object.</summary>
/// <param name="Object">The reference in the request.</param>
internal sealed record ObjectUnknown(string Object) : RelocationResult;

/// <summary>The archive has no kernel with this BTF.</summary>
internal sealed record BtfUnknown(Digest Btf) : RelocationResult;
