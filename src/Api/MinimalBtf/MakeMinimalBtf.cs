using System.Net.Mime;
using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core;
using Relo.Core.Bytes;

namespace Relo.Api.MinimalBtf;

/// <summary>
/// The part of a kernel's BTF that an uploaded object needs.
/// <code>curl --data-binary @prog.bpf.o -o min.btf "http://localhost:8080/v1/minimal-btf?kernel=5.4.0-91-generic"</code>
/// </summary>
internal sealed record MakeMinimalBtf(ReadOnlyMemory<byte> Object, KernelQuery Kernel, MemoryShare Memory) : IRequest<MinimalBtfResult>;

/// <summary>
/// The same for many kernels.
/// <code>curl --data-binary @prog.bpf.o "http://localhost:8080/v1/minimal-btf?distro=ubuntu&amp;arch=x86_64" | tar xz</code>
/// </summary>
internal sealed record MakeMinimalBtfs(ReadOnlyMemory<byte> Object, KernelFilter Filter, MemoryShare Memory) : IRequest<MinimalBtfResult>;

/// <summary>The result of either.</summary>
internal abstract record MinimalBtfResult;

/// <summary>Success.</summary>
internal sealed record MinimalBtfOfKernel(Kernel Kernel, ReadOnlyMemory<byte> Btf) : MinimalBtfResult;

/// <summary>At least one kernel accepts the object; the others are computed while the response is sent.</summary>
internal sealed record MinimalBtfOfKernels(IAsyncEnumerable<MinimalBtfPart> Parts) : MinimalBtfResult;

/// <summary>libbpf would refuse the object; for many kernels, on all of them, and this is the first.</summary>
internal sealed record MinimalBtfRefused(RelocationFailed Failure, Kernel Kernel) : MinimalBtfResult;

/// <summary>No kernel or several kernels match.</summary>
internal sealed record MinimalBtfUnresolved(KernelResolution Resolution) : MinimalBtfResult;

/// <summary>No kernel matches the filter.</summary>
internal sealed record MinimalBtfOfNothing : MinimalBtfResult;

/// <summary>For one kernel.</summary>
internal sealed class MakeMinimalBtfHandler(KernelFinder finder, KernelOpener opener, WorkGate gate, MemoryBudget budget,
    ObjectReader reader) : IRequestHandler<MakeMinimalBtf, MinimalBtfResult>
{
    /// <inheritdoc/>
    public async Task<MinimalBtfResult> Handle(MakeMinimalBtf request, CancellationToken cancellationToken)
    {
        var bpf = await reader.ReadOriginalAsync(request.Object, request.Memory.Hold, cancellationToken);
        var resolution = await finder.FindAsync(request.Kernel, cancellationToken);
        if (resolution is not KernelFound found) return new MinimalBtfUnresolved(resolution);
        var parts = new MinimalBtfParts(bpf, [found.Kernel], opener, gate, budget, request.Memory, keep: true, cancellationToken);
        return Make(await parts.OfAsync(found.Kernel));
    }

    private static MinimalBtfResult Make(MinimalBtfPart part) =>
        part.Failure is { } failure ? new MinimalBtfRefused(failure, part.Kernel) : new MinimalBtfOfKernel(part.Kernel, part.Btf);
}

/// <summary>For many.</summary>
internal sealed class MakeMinimalBtfsHandler(KernelIndex index, ArchiveWatcher watcher, KernelOpener opener, WorkGate gate,
    MemoryBudget budget, ObjectReader reader) : IRequestHandler<MakeMinimalBtfs, MinimalBtfResult>
{
    /// <inheritdoc/>
    public async Task<MinimalBtfResult> Handle(MakeMinimalBtfs request, CancellationToken cancellationToken)
    {
        var bpf = await reader.ReadOriginalAsync(request.Object, request.Memory.Hold, cancellationToken);
        await watcher.CatchUpAsync(cancellationToken);
        var kernels = index.Matching(request.Filter).OrderBy(k => k.Id, StringComparer.Ordinal).ToList();
        if (kernels.Count == 0) return new MinimalBtfOfNothing();

        // Nothing is sent until one succeeds, because an object that every kernel refuses is a problem, not an empty archive.
        var parts = new MinimalBtfParts(bpf, kernels, opener, gate, budget, request.Memory, keep: false, cancellationToken);
        var begun = new List<MinimalBtfPart>();
        do
        {
            begun.Add(await parts.OrLostAsync(kernels[begun.Count]));
        }
        while (!begun[^1].IsMade && begun.Count < kernels.Count);
        if (begun[^1].IsMade) return new MinimalBtfOfKernels(AllAsync());
        // libbpf's message about the object helps the caller more than a damaged kernel.
        return begun.Find(part => part.Failure is not null) is { } refused
            ? new MinimalBtfRefused(refused.Failure!, refused.Kernel)
            : throw begun[0].Lost!;

        async IAsyncEnumerable<MinimalBtfPart> AllAsync()
        {
            foreach (var part in begun) yield return part;
            foreach (var kernel in kernels.Skip(begun.Count)) yield return await parts.OrLostAsync(kernel);
        }
    }
}

/// <summary>POST /v1/minimal-btf.</summary>
internal static class MakeMinimalBtfRoute
{
    /// <summary>Reduces kernel BTF to the types that a BPF object needs.</summary>
    /// <remarks>
    /// With <c>kernel</c>, returns raw BTF for libbpf's <c>btf_custom_path</c>, with the types that <c>bpftool gen min_core_btf</c> writes.
    /// With <c>distro</c>, <c>version</c>, <c>arch</c>, <c>release</c> instead, returns a tar.gz with one file for each kernel,
    /// <c>distro/version/arch/release.btf</c>; its <c>failed.json</c> lists the kernels on which libbpf would refuse the object and those
    /// whose BTF is damaged. Every parameter may be sent as a form field.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] MinimalBtfParameters parameters, HttpContext http, IMediator mediator)
    {
        var body = ObjectBody.Of(http);
        var filter = parameters.ToFilter();
        // The request determines the media type; Accept does not choose between the two.
        new OfferedForms([filter is null ? MediaTypeNames.Application.Octet : MediaTypeNames.Application.GZip]).Choose(http);
        var memory = MemoryShare.OfRequest(http);
        IRequest<MinimalBtfResult> request = filter is null
            ? new MakeMinimalBtf(body.Bytes, parameters.ToQuery(), memory)
            : new MakeMinimalBtfs(body.Bytes, filter, memory);

        return await mediator.Send(request, http.RequestAborted) switch
        {
            MinimalBtfOfKernel one => new MinimalBtfAnswer(
                one.Btf, (ObjectName.Clean(parameters.Name) is { } name ? $"{name}." : "") + $"{one.Kernel.Release}.btf"),
            MinimalBtfOfKernels many => new MinimalBtfTar(many.Parts,
                $"{ObjectName.FileName(ObjectName.Clean(parameters.Name ?? body.FileName), Digest.Of(body.Bytes.Span))}.btf.tar.gz"),
            MinimalBtfRefused refused => RelocationProblem.Of(new RelocationRefused(refused.Failure, refused.Kernel)),
            MinimalBtfUnresolved unresolved => Problem.Of(unresolved.Resolution, parameters.Kernel!),
            MinimalBtfOfNothing => Problem.NoKernelMatches(parameters.FilterText()),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
