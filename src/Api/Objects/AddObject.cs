using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;
using Relo.Api.Inputs;
using Relo.Api.Signing;
using Relo.Api.Work;
using Relo.Archive.Objects;
using Relo.Core.Bytes;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>
/// Stores an object, so that nodes can request it relocated. A tagged object is kept as long as it has a tag.
/// <code>curl --data-binary @tracer.bpf.o 'http://localhost:8080/v1/objects?name=tracer'</code>
/// </summary>
internal sealed record AddObject(ReadOnlyMemory<byte> Object, string? Tag, ObjectParts Parts) : IRequest<ObjectAdded>;

/// <summary>The object is stored.</summary>
internal sealed record ObjectAdded(DescribedObject Object, bool IsNew);

/// <summary>Reads the object before it stores it, so that a malformed object is refused now and not on the nodes.</summary>
internal sealed class AddObjectHandler(ObjectStore objects, ObjectReader reader, ReportLimit limit)
    : IRequestHandler<AddObject, ObjectAdded>
{
    /// <inheritdoc/>
    public async Task<ObjectAdded> Handle(AddObject request, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(request.Object.Span);
        var contents = await reader.ReadOriginalAsync(request.Object, ObjectContents.Of, cancellationToken, digest);
        if (request.Parts.AreAll) DescribedObject.RefuseAbove(limit, contents);
        var put = await objects.PutAsync(digest, request.Object, request.Tag, cancellationToken);
        return new(DescribedObject.Of(put.Object, contents, request.Tag), put.IsNew);
    }
}

/// <summary>POST /v1/objects.</summary>
internal static class AddObjectRoute
{
    /// <summary>Stores an object.</summary>
    /// <param name="name">A tag; it moves to the newest upload that names it. May be sent as a form field.</param>
    /// <param name="parameters">The parts of its contents in the response.</param>
    /// <param name="signature">With <c>Objects:RequireSignatureBy</c>, the signature of one of its keys over the object: ECDSA with
    /// SHA-256 in Base64, or a DSSE envelope. May be sent in the header <c>X-Signature</c> or as a form field.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    /// <param name="approval">Checks the signature.</param>
    /// <remarks>An object without a tag is deleted when it has not been used for <c>Objects:Retention</c>.</remarks>
    public static async Task<IResult> Handle(
        [FromQuery] string? name, [AsParameters] ObjectParameters parameters, [FromQuery] string? signature, HttpContext http,
        IMediator mediator, Approval approval)
    {
        approval.Check(ObjectBody.Of(http).Bytes, signature ?? http.Request.Headers[Approval.Header].FirstOrDefault());
        var parts = ObjectParts.Of(parameters);
        var added = await mediator.Send(new AddObject(ObjectBody.Of(http).Bytes, RefParameter.ParseTag(name), parts), http.RequestAborted);
        return new ObjectAnswer(added.Object, parts, added.IsNew);
    }
}
