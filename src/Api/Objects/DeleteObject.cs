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
internal sealed record DeleteObject(ObjectRef Object) : IRequest<bool>;

/// <summary>Deletes it, and drops its cached results.</summary>
internal sealed class DeleteObjectHandler(ObjectStore objects, RelocationRunner runner, CompatibilityRunner compatibility)
    : IRequestHandler<DeleteObject, bool>
{
    /// <inheritdoc/>
    public async Task<bool> Handle(DeleteObject request, CancellationToken cancellationToken)
    {
        var stored = await objects.FindAsync(request.Object, cancellationToken);
        if (stored is null || !await objects.DeleteAsync(request.Object, cancellationToken)) return false;
        runner.Forget(stored.Digest);
        compatibility.Forget(stored.Digest);
        return true;
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
        return await mediator.Send(new DeleteObject(reference), http.RequestAborted)
            ? Results.NoContent()
            : Problem.ObjectNotFound(reference.Text());
    }
}
