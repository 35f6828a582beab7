using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Core.Compatibility;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>
/// Finds the kernels of the archive on which an object works.
/// <code>curl --data-binary @prog.bpf.o "http://localhost:8080/v1/compatibility?distro=ubuntu&amp;arch=x86_64"</code>
/// </summary>
/// <param name="Object">The object.</param>
/// <param name="Filter">The kernels.</param>
/// <param name="Memory">The memory that the request holds until its response is complete.</param>
internal sealed record CheckCompatibility(RequestedObject Object, KernelFilter Filter, MemoryShare Memory) : IRequest<CompatibilityResult>;

/// <summary>The result.</summary>
internal abstract record CompatibilityResult;

/// <summary>There are kernels; they are checked while the findings are enumerated.</summary>
/// <param name="Object">The object.</param>
/// <param name="Kernels">The kernels, in the order of the list.</param>
/// <param name="Findings">The finding for each, in the same order.</param>
/// <param name="Memory">The memory that the response holds.</param>
internal sealed record CompatibilityBegun(ObjectReport Object, IReadOnlyList<Kernel> Kernels, IAsyncEnumerable<KernelFinding> Findings,
    MemoryShare Memory) : CompatibilityResult
{
    /// <summary>Why each kernel is checked separately; null if not.</summary>
    public string? PerKernel { get; init; }

    /// <summary>An empty summary.</summary>
    /// <param name="name">Name of the object, if it has one.</param>
    public CompatibilitySummary Summary(string? name) => new(Object, name, Kernels.Count, PerKernel);

    /// <summary>Waits for all findings.</summary>
    public async Task<CompatibilityDocument> SumUpAsync(string? name, CancellationToken cancellation)
    {
        var summary = Summary(name);
        await foreach (var finding in Findings.WithCancellation(cancellation)) summary.Add(finding);
        return summary.ToDocument();
    }
}

/// <summary>The service does not have the object.</summary>
internal sealed record CompatibilityOfUnknown : CompatibilityResult;

/// <summary>No kernel matches the filter.</summary>
internal sealed record CompatibilityOfNothing : CompatibilityResult;

/// <summary>Reads the object once and starts the check.</summary>
internal sealed class CheckCompatibilityHandler(KernelIndex index, ArchiveWatcher watcher, ObjectStore objects, CompatibilityRunner runner,
    ObjectReader reader) : IRequestHandler<CheckCompatibility, CompatibilityResult>
{
    /// <inheritdoc/>
    public async Task<CompatibilityResult> Handle(CheckCompatibility request, CancellationToken cancellationToken)
    {
        if (await request.Object.FindAsync(objects, cancellationToken) is not { } found) return new CompatibilityOfUnknown();
        request.Memory.Take(found.TakenBytes);
        if (await found.Read(cancellationToken) is not { } bytes) return new CompatibilityOfUnknown();
        // A malformed object is refused even if no kernel matches.
        var (description, check) = await reader.ReadOriginalAsync(bytes, Begin, cancellationToken, found.Digest);
        await watcher.CatchUpAsync(cancellationToken);
        var kernels = index.Matching(request.Filter).ToList();
        return kernels.Count == 0
            ? new CompatibilityOfNothing()
            : new CompatibilityBegun(description, kernels, runner.RunAsync(found.Digest, check, kernels, cancellationToken),
                request.Memory)
            { PerKernel = check.Question.Obstacle };

        (ObjectReport, CompatibilityCheck) Begin(BpfObject bpf)
        {
            request.Memory.Take(MemoryNeed.ToCheck(bpf));
            var check = new CompatibilityCheck(bpf, bytes => request.Memory.Take(bytes));
            _ = check.Question; // computed here, within the limits
            return (ReportBuilder.Describe(bpf), check);
        }
    }
}

/// <summary>Its parameters.</summary>
internal sealed record CompatibilityParameters : ManyKernelsParameters
{
    /// <summary>
    /// <c>broken</c>, <c>poisoned</c>, <c>absent</c>, or several separated by commas: respond with 422 <c>incompatible-kernels</c> and the
    /// same body if the object has such an outcome, or fails, on one of the kernels.
    /// </summary>
    [FromQuery(Name = "failOn"), WordListOf<FailOn>]
    public string? FailOn { get; init; }
}

/// <summary>POST /v1/compatibility.</summary>
internal static class CheckCompatibilityRoute
{
    /// <summary>Checks a BPF object against many kernels.</summary>
    /// <remarks>
    /// Groups the kernels by the object's result on them. <c>distro</c>, <c>version</c>, <c>arch</c> and <c>release</c> narrow the
    /// kernels; the default is all kernels. With <c>Accept: application/x-ndjson</c> the response has a line for each kernel, in the order
    /// of the list of kernels, and the whole result as the last line; if <c>failOn</c> is met, the last line is the problem, because the
    /// status is sent first. With <c>Accept: application/sarif+json</c> the response is a SARIF 2.1.0 log for code review tools: one
    /// result, at its C line, for each access that does not exist on some kernel, and one for each other need that some kernel does not
    /// meet. <c>Accept: text/plain</c> is the report for people, of 100 columns, and <c>text/markdown</c> the same for comments on pull
    /// requests. If <c>failOn</c> is met, these three are sent with status 422. The object is the body, or a stored object named by
    /// <c>object</c>. Every parameter may be sent as a form field.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] CompatibilityParameters parameters, HttpContext http, IMediator mediator)
    {
        var (asked, name) = RequestedObject.Of(http, parameters);
        var failOn = FailOnRule.Parse(parameters.FailOn);
        return await AnswerAsync(new(asked, parameters.ToFilter(), MemoryShare.OfRequest(http)), name, failOn, parameters, http, mediator);
    }

    /// <summary>Runs the check, and answers in the media type that the client asked for.</summary>
    /// <param name="request">The check.</param>
    /// <param name="name">Name of the object, if it has one.</param>
    /// <param name="failOn">The outcomes to fail on.</param>
    /// <param name="kernels">The kernels as the client named them.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    internal static async Task<IResult> AnswerAsync(
        CheckCompatibility request, string? name, FailOn failOn, KernelsParameters kernels, HttpContext http, IMediator mediator)
    {
        var form = OfferedForms.Chosen(http);
        return await mediator.Send(request, http.RequestAborted) switch
        {
            CompatibilityBegun begun when form == CompatibilityLines.MediaType => new CompatibilityLines(begun, name, failOn),
            CompatibilityBegun begun when form == CompatibilitySarif.MediaType => new CompatibilitySarif(begun, name, failOn),
            CompatibilityBegun begun when ReadableForms.Has(form) => new CompatibilityReadable(begun, name, failOn, form),
            CompatibilityBegun begun => new CompatibilityAnswer(begun, name, failOn),
            CompatibilityOfUnknown => Problem.ObjectNotFound(((RequestedObject.Kept)request.Object).Ref.Text()),
            CompatibilityOfNothing => Problem.NoKernelMatches(kernels.FilterText()),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
