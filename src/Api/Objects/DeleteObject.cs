using MediatR;
using Relo.Api.Compatibility;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Archive.Objects;

namespace Relo.Api.Objects;

/// <summary>
/// Deletes an object. By digest, it is deleted with all its tags; by tag, only the tag is deleted while the object has another.
/// <code>curl -X DELETE http://localhost:8080/v1/objects/tracer</code>
/// </summary>
internal sealed record DeleteObject(ObjectRef Object) : IRequest<DeleteObjectOutcome>;

/// <summary>The result.</summary>
internal abstract record DeleteObjectOutcome;

/// <summary>The object was deleted.</summary>
internal sealed record ObjectDeleted : DeleteObjectOutcome;

/// <summary>Only the tag was deleted: the object has another one.</summary>
internal sealed record TagDeleted : DeleteObjectOutcome;

/// <summary>No object has this digest or tag.</summary>
internal sealed record DeleteNotFound : DeleteObjectOutcome;

/// <summary>Deletes it, and drops its cached results.</summary>
internal sealed class DeleteObjectHandler(ObjectStore objects, RelocationRunner runner, CompatibilityRunner compatibility)
    : IRequestHandler<DeleteObject, DeleteObjectOutcome>
{
    /// <inheritdoc/>
    public async Task<DeleteObjectOutcome> Handle(DeleteObject request, CancellationToken cancellationToken)
    {
        if (await objects.DeleteAsync(request.Object, cancellationToken) is not { } deleted) return new DeleteNotFound();
        foreach (var digest in deleted)
        {
            runner.Forget(digest);
            compatibility.Forget(digest);
        }

        return deleted.Count > 0 ? new ObjectDeleted() : new TagDeleted();
    }
}

/// <summary>DELETE /v1/objects/{ref}.</summary>
internal static class DeleteObjectRoute
{
    /// <summary>Deletes an object.</summary>
    /// <param name="ref">Its digest (64 hexadecimal digits) or a tag.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    /// <remarks>By digest, deletes it with all its tags; by tag, deletes only the tag if the object has another one.</remarks>
    public static async Task<IResult> Handle(string @ref, HttpContext http, IMediator mediator)
    {
        var reference = RefParameter.Parse(@ref);
        return await mediator.Send(new DeleteObject(reference), http.RequestAborted) switch
        {
            ObjectDeleted or TagDeleted => Results.NoContent(),
            DeleteNotFound => Problem.ObjectNotFound(reference.Text()),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
