using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Compatibility;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Trust;
using Relo.Api.Work;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;

namespace Relo.Api.Bundles;

/// <summary>
/// An object relocated for many kernels, in one file, so that nodes need no server.
/// <code>curl --data-binary @prog.bpf.o -o prog.zip "http://localhost:8080/v1/bundles?distro=debian&amp;version=12&amp;arch=x86_64"</code>
/// </summary>
internal sealed record MakeBundle(RequestedObject Object, KernelFilter Filter, FailOn FailOn, MemoryShare Memory) : IRequest<BundleResult>;

/// <summary>The result.</summary>
internal abstract record BundleResult;

/// <summary>The object is usable on at least one of the kernels; the other parts are computed while they are enumerated.</summary>
/// <param name="Object">Digest of the object as uploaded.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Parts">The parts, sorted by the id of the kernel.</param>
internal sealed record BundleBegun(Digest Object, long SizeBytes, IAsyncEnumerable<BundlePart> Parts) : BundleResult;

/// <summary>The object is usable on none of the kernels; this is the result for the first.</summary>
internal sealed record BundleUnusable(RelocationResult First) : BundleResult;

/// <summary>The service does not have the object.</summary>
internal sealed record BundleOfUnknown : BundleResult;

/// <summary>No kernel matches the filter.</summary>
internal sealed record BundleOfNothing : BundleResult;

/// <summary>Starts the bundle. Nothing is sent before the first usable part.</summary>
internal sealed class MakeBundleHandler(KernelIndex index, ArchiveWatcher watcher, ObjectStore objects, RelocationRunner runner,
    LayoutGroups groups, ObjectReader reader) : IRequestHandler<MakeBundle, BundleResult>
{
    /// <inheritdoc/>
    public async Task<BundleResult> Handle(MakeBundle request, CancellationToken cancellationToken)
    {
        // A stored object is read once, because it may be deleted while its bundle is computed.
        if (await request.Object.FindAsync(objects, cancellationToken) is not { } found) return new BundleOfUnknown();
        request.Memory.Take(found.TakenBytes);
        if (await found.Read(cancellationToken) is not { } bytes) return new BundleOfUnknown();
        request.Memory.Take(bytes.Length); // for the part that is being sent
        // a malformed object is refused even if no kernel matches
        var bpf = await reader.ReadOriginalAsync(bytes, request.Memory.Hold, cancellationToken, found.Digest);
        await watcher.CatchUpAsync(cancellationToken);
        var kernels = index.Matching(request.Filter).OrderBy(k => k.Id, StringComparer.Ordinal).ToList();
        if (kernels.Count == 0) return new BundleOfNothing();

        var alike = await groups.OfAsync(LayoutQuestion.Of(bpf), kernels, cancellationToken);
        var parts = new BundleParts(runner, found with { Parsed = bpf }, request.FailOn, request.Memory, cancellationToken);
        var begun = new List<BundlePart>();
        do
        {
            begun.Add(await parts.OfAsync(kernels[begun.Count], alike[begun.Count]?.Group));
        }
        while (begun[^1] is UnusablePart && begun.Count < kernels.Count);
        return begun[^1] is UnusablePart
            ? new BundleUnusable(parts.FirstUnusable ?? throw parts.FirstFault!)
            : new BundleBegun(found.Digest, bytes.Length, AllAsync());

        async IAsyncEnumerable<BundlePart> AllAsync()
        {
            foreach (var part in begun) yield return part;
            for (var i = begun.Count; i < kernels.Count; i++) yield return await parts.OfAsync(kernels[i], alike[i]?.Group);
        }
    }
}

/// <summary>Its parameters.</summary>
internal sealed record BundleParameters : ManyKernelsParameters
{
    /// <summary>
    /// <c>broken</c>, <c>poisoned</c>, <c>absent</c>, or several separated by commas: leave out kernels on which the object has that
    /// outcome; they are listed with the reason.
    /// </summary>
    [FromQuery(Name = "failOn"), WordListOf<FailOn>]
    public string? FailOn { get; init; }
}

/// <summary>POST /v1/bundles.</summary>
internal static class MakeBundleRoute
{
    /// <summary>Relocates a BPF object for many kernels, into one file.</summary>
    /// <remarks>
    /// Returns a zip, or with <c>Accept: application/gzip</c> a tar.gz. It contains <c>objects/</c> with each relocated object once,
    /// <c>index.json</c>, which maps kernels to objects, and <c>select.sh</c>, which picks the object for the node it runs on.
    /// If the service signs, <c>.dsse.json</c> beside each object is a signed statement about it.
    /// <c>distro</c>, <c>version</c>, <c>arch</c> and <c>release</c> narrow the kernels; the default is all kernels. The object is the
    /// body, or a stored object named by <c>object</c>. Every parameter may be sent as a form field.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] BundleParameters parameters, HttpContext http, IMediator mediator,
        IWebHostEnvironment environment, Attester attester)
    {
        var (asked, name) = RequestedObject.Of(http, parameters);
        var failOn = FailOnRule.Parse(parameters.FailOn);

        return await mediator.Send(new MakeBundle(asked, parameters.ToFilter(), failOn, MemoryShare.OfRequest(http)),
            http.RequestAborted) switch
        {
            BundleBegun begun => new BundleAnswer(begun, OfferedForms.Chosen(http), name, failOn,
                await SelectScript.ReadAsync(environment, http.RequestAborted), attester),
            BundleUnusable { First: RelocationRefused refused } => RelocationProblem.Of(refused),
            BundleUnusable { First: RelocationUnwanted unwanted } =>
                RelocationProblem.Of(unwanted, ReportBody.Admit(http, unwanted.Relocation, name, ReportParts.All)),
            BundleOfUnknown => Problem.ObjectNotFound(parameters.Object!),
            BundleOfNothing => Problem.NoKernelMatches(parameters.FilterText()),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
