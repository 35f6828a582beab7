using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Checks;

namespace Relo.Api.Kernels;

/// <summary>
/// What a kernel offers to BPF programs.
/// <code>curl -fsS "http://localhost:8080/v1/features?kernel=$(uname -r)" | jq '.helpers | length'</code>
/// </summary>
internal sealed record GetFeatures(KernelQuery Query) : IRequest<GetFeaturesOutcome>;

/// <summary>The result.</summary>
internal abstract record GetFeaturesOutcome;

/// <summary>What the kernel's BTF shows.</summary>
internal sealed record FeaturesShown(Kernel Kernel, KernelFeatures Features) : GetFeaturesOutcome;

/// <summary>No kernel matches, or several do.</summary>
internal sealed record FeaturesUnresolved(KernelResolution Resolution) : GetFeaturesOutcome;

/// <summary>Finds the kernel and reads its BTF.</summary>
internal sealed class GetFeaturesHandler(KernelFinder finder, KernelOpener kernels, WorkGate gate)
    : IRequestHandler<GetFeatures, GetFeaturesOutcome>
{
    /// <inheritdoc/>
    public async Task<GetFeaturesOutcome> Handle(GetFeatures request, CancellationToken cancellationToken)
    {
        var resolution = await finder.FindAsync(request.Query, cancellationToken);
        if (resolution is not KernelFound { Kernel: var kernel }) return new FeaturesUnresolved(resolution);
        var features = await kernels.UseAsync(
            kernel, keep: true, work => gate.RunAsync(work, cancellationToken), (opened, stop) => KernelFeatures.Of(opened.Types, stop),
            cancellationToken);
        return new FeaturesShown(kernel, features);
    }
}

/// <summary>The kernel and its features.</summary>
internal sealed record FeatureDocument(
    Kernel Kernel,
    IReadOnlyList<Feature> Helpers, IReadOnlyList<Feature> MapTypes, IReadOnlyList<Feature> ProgramTypes,
    IReadOnlyList<Feature> AttachTypes,
    IReadOnlyList<Feature> Kfuncs, IReadOnlyList<Feature> Tracepoints, IReadOnlyList<Feature> LsmHooks, IReadOnlyList<Feature> Iterators,
    IReadOnlyList<Feature> StructOps, IReadOnlyList<string> Unknown)
{
    /// <summary>The document of a kernel.</summary>
    public static FeatureDocument Of(FeaturesShown shown)
    {
        var all = shown.Features;
        return new(
            shown.Kernel, all.Helpers, all.MapTypes, all.ProgramTypes, all.AttachTypes,
            all.Kfuncs, all.Tracepoints, all.LsmHooks, all.Iterators, all.StructOps, all.Unknown);
    }
}

/// <summary>GET /v1/features.</summary>
internal static class GetFeaturesRoute
{
    /// <summary>Lists what a kernel offers to BPF programs.</summary>
    /// <remarks>
    /// Read from the kernel's own BTF, backports included. Features of its modules are not listed; <c>checks</c> of a relocation include
    /// them.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] KernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var query = parameters.ToQuery();
        return await mediator.Send(new GetFeatures(query), http.RequestAborted) switch
        {
            FeaturesShown shown => Answer.Ok(FeatureDocument.Of(shown)),
            FeaturesUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
