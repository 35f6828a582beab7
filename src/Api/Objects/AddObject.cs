using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Relo.Api.Http.Problems;
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
/// <param name="Object">The object.</param>
/// <param name="Tag">The tag to move to it; null for none.</param>
/// <param name="Admit">Called with its description before it is stored. Throws to refuse it.</param>
internal sealed record AddObject(ReadOnlyMemory<byte> Object, string? Tag, Func<DescribedObject, Task> Admit) : IRequest<ObjectAdded>;

/// <summary>The object is stored.</summary>
internal sealed record ObjectAdded(DescribedObject Object, bool IsNew);

/// <summary>Reads the object before it stores it, so that a malformed object is refused now and not on the nodes.</summary>
internal sealed class AddObjectHandler(ObjectStore objects, ObjectReader reader) : IRequestHandler<AddObject, ObjectAdded>
{
    /// <inheritdoc/>
    public async Task<ObjectAdded> Handle(AddObject request, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(request.Object.Span);
        var contents = await reader.ReadOriginalAsync(request.Object, ObjectContents.Of, cancellationToken, digest);
        await request.Admit(DescribedObject.Of(Unstored(request, digest), contents, request.Tag));
        var put = await objects.PutAsync(digest, request.Object, request.Tag, cancellationToken);
        return new(DescribedObject.Of(put.Object, contents, request.Tag), put.IsNew);
    }

    // As after it is stored, except the times, which are the longest there are, and the tags that it has already.
    private static StoredObject Unstored(AddObject request, Digest digest) => new(
        digest, request.Object.Length, request.Tag is { } tag ? [tag] : [], DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
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
        var bytes = ObjectBody.Of(http).Bytes;
        approval.Check(bytes, SignatureOf(signature, http.Request.Headers[Approval.Header]));
        var parts = ObjectParts.Of(parameters);
        var request = new AddObject(bytes, RefParameter.ParseTag(name), described => ObjectAnswer.AdmitAsync(http, described, parts));
        var added = await mediator.Send(request, http.RequestAborted);
        return new ObjectAnswer(added.Object, parts, added.IsNew);
    }

    private static string? SignatureOf(string? parameter, StringValues header)
    {
        string?[] given = parameter is null ? [.. header] : [parameter, .. header];
        return given switch
        {
            [] => null,
            [var one] => one,
            [var one, var other, ..] => throw new RefusedException(Problem.ParameterTwice("signature", one, other)),
        };
    }
}
