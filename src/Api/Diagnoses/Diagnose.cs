using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Archive.OnDemand;
using Relo.Core.Diagnoses;
using Relo.Core.Report;

namespace Relo.Api.Diagnoses;

/// <summary>
/// Explains the log of a loader or of the verifier.
/// <code>curl -F object=@prog.bpf.o -F log=@load.log "http://localhost:8080/v1/diagnoses?kernel=$(uname -r)"</code>
/// </summary>
/// <param name="Object">The object, as it was before any relocation by this service.</param>
/// <param name="Log">The log: any bytes.</param>
/// <param name="Kernel">The kernel on which the log was written.</param>
/// <param name="Memory">The memory that the request holds.</param>
internal sealed record Diagnose(RequestedObject Object, ReadOnlyMemory<byte> Log, KernelQuery Kernel, MemoryShare Memory)
    : IRequest<DiagnoseOutcome>;

/// <summary>The result.</summary>
internal abstract record DiagnoseOutcome;

/// <summary>The log was read.</summary>
internal sealed record LogDiagnosed(FoundObject Object, Kernel Kernel, KernelDiagnosis Diagnosis) : DiagnoseOutcome
{
    /// <summary>The report for people.</summary>
    /// <param name="name">Name of the object, if it has one.</param>
    public ReadableReport ToSheet(string? name) =>
        DiagnosisSheet.Of(Diagnosis.WithElsewhere(), name, Object.Digest.ToString(), Kernel.Id);
}

/// <summary>The service does not have the object.</summary>
internal sealed record DiagnoseOfUnknown : DiagnoseOutcome;

/// <summary>No kernel matches, or several do.</summary>
internal sealed record DiagnoseUnresolved(KernelResolution Resolution) : DiagnoseOutcome;

/// <summary>Finds object and kernel, and reads the log with both.</summary>
internal sealed class DiagnoseHandler(KernelFinder finder, ObjectStore objects, DiagnosisRunner runner)
    : IRequestHandler<Diagnose, DiagnoseOutcome>
{
    /// <inheritdoc/>
    public async Task<DiagnoseOutcome> Handle(Diagnose request, CancellationToken cancellationToken)
    {
        if (await request.Object.FindAsync(objects, cancellationToken) is not { } found) return new DiagnoseOfUnknown();
        request.Memory.Take(found.TakenBytes);
        if (await found.Read(cancellationToken) is not { } bytes) return new DiagnoseOfUnknown();
        var resolution = await finder.FindAsync(request.Kernel, cancellationToken);
        if (resolution is not KernelFound here) return new DiagnoseUnresolved(resolution);
        var diagnosis = await runner.RunAsync(bytes, found.Digest, request.Log, here.Kernel, here.LinuxVersion, cancellationToken);
        return new LogDiagnosed(found, here.Kernel, diagnosis);
    }
}

/// <summary>Its parameters.</summary>
internal sealed record DiagnoseParameters : KernelParameters
{
    /// <summary>Instead of a file: the digest (64 hexadecimal digits) or a tag of a stored object.</summary>
    [FromQuery(Name = "object")]
    public string? Object { get; init; }

    /// <summary>Name of the object in the response; by default the file name of the form, or the tag.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }
}

/// <summary>POST /v1/diagnoses.</summary>
internal static class DiagnoseRoute
{
    /// <summary>Explains the log of a loader or of the verifier.</summary>
    /// <remarks>
    /// Maps each line that reports a failure to the program, the CO-RE record, the reason and the C line, and says what to do: the guard or
    /// the flavour to write, what to call instead, kernels of the archive that have what is missing. Reads what libbpf, bpftool,
    /// cilium/ebpf and aya print, with or without the prefixes of a journal. Lines that are not understood are listed. The form has the log
    /// in <c>log</c>, and the object, as it was before it was relocated, in <c>object</c>; together they may have up to
    /// <c>Limits:ObjectBytes</c>. <c>Accept: text/plain</c> is the report for people, of 100 columns, and <c>text/markdown</c> the same for
    /// issues and pull requests. Every parameter may be sent as a form field.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] DiagnoseParameters parameters, HttpContext http, IMediator mediator)
    {
        var log = ObjectBody.Of(http).Log;
        if (log.IsEmpty)
            throw new RefusedException(
                Problem.EmptyBody($"the request has no log: expected a form with a file in its field '{ObjectForm.LogField}'"));
        var (asked, name) = RequestedObject.Of(http, parameters.Object, parameters.Name);
        var (query, form) = (parameters.ToQuery(), OfferedForms.Chosen(http));
        return await mediator.Send(new Diagnose(asked, log, query, MemoryShare.OfRequest(http)), http.RequestAborted) switch
        {
            LogDiagnosed done when ReadableForms.Has(form) => new ReadableAnswer(done.ToSheet(name), form),
            LogDiagnosed done => Answer.Ok(DiagnosisDocument.Of(done, name)),
            DiagnoseOfUnknown => Problem.ObjectNotFound(parameters.Object!),
            DiagnoseUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
