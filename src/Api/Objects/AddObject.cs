using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Uploads;
using Relo.Api.Work;
using Relo.Archive.Objects;
using Relo.Core;
using Relo.Core.Bytes;
using Relo.Core.Contents;
using Relo.Core.Objects;

namespace Relo.Api.Objects;

/// <summary>
/// Keeps an object, so that nodes can ask for it relocated; under a tag, for as long as it has the tag.
/// <code>curl --data-binary @tracer.bpf.o 'http://localhost:8080/v1/objects?name=tracer'</code>
/// </summary>
internal sealed record AddObject(ReadOnlyMemory<byte> Object, string? Tag) : IRequest<ObjectAdded>;

/// <summary>It is kept.</summary>
internal sealed record ObjectAdded(ObjectDocument Document, bool IsNew);

/// <summary>Reads the object before it is kept: what cannot be relocated is refused here, not on the nodes.</summary>
internal sealed class AddObjectHandler(ObjectStore objects, WorkGate gate) : IRequestHandler<AddObject, ObjectAdded>
{
    /// <inheritdoc/>
    public async Task<ObjectAdded> Handle(AddObject request, CancellationToken cancellationToken)
    {
        var contents = await gate.RunAsync(_ => ObjectContents.Of(BpfObject.ReadOriginal(request.Object)), cancellationToken);
        var put = await objects.PutAsync(Digest.Of(request.Object.Span), request.Object, request.Tag, cancellationToken);
        return new(ObjectDocument.Of(put.Object, contents, request.Tag), put.IsNew);
    }
}

/// <summary>POST /v1/objects.</summary>
internal static class AddObjectRoute
{
    /// <summary>Keeps an object.</summary>
    /// <param name="name">A tag; it moves to the newest upload that names it. May be a field of the form.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Carries the use case.</param>
    /// <remarks>Without a tag it is kept until nobody has used it for <c>Objects:Retention</c>.</remarks>
    public static async Task<IResult> Handle([FromQuery] string? name, HttpContext http, IMediator mediator)
    {
        var added = await mediator.Send(new AddObject(ObjectBody.Of(http).Bytes, RefParameter.ParseTag(name)), http.RequestAborted);
        return added.IsNew ? Answer.Created(added.Document.Url, added.Document) : Answer.Ok(added.Document);
    }
}
