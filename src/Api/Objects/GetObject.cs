using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Work;
using Relo.Archive.Objects;
using Relo.Core.Contents;

namespace Relo.Api.Objects;

/// <summary>
/// The contents of a stored object: programs, maps, relocations with their types, and its requirements. No kernel is needed.
/// <code>curl http://localhost:8080/v1/objects/tracer</code>
/// </summary>
internal sealed record GetObject(ObjectRef Object, bool IsCurrent) : IRequest<DescribedObject?>;

/// <summary>Reads the object again, because its contents depend only on its bytes.</summary>
internal sealed class GetObjectHandler(ObjectStore objects, ObjectReader reader, MemoryBudget budget)
    : IRequestHandler<GetObject, DescribedObject?>
{
    /// <inheritdoc/>
    public async Task<DescribedObject?> Handle(GetObject request, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(request.Object, cancellationToken, request.IsCurrent) is not { } stored) return null;
        using var read = budget.Share(MemoryUse.Work).Take(stored.SizeBytes);
        return await objects.GetAsync(stored.Digest, cancellationToken) is { } bytes
            ? DescribedObject.Of(stored, await reader.ReadAsync(bytes, ObjectContents.Of, cancellationToken, stored.Digest),
                request.Object.TagOf())
            : null;
    }
}

/// <summary>GET /v1/objects/{ref}.</summary>
internal static class GetObjectRoute
{
    /// <summary>Shows the contents of an object.</summary>
    /// <param name="ref">Its digest (64 hexadecimal digits) or a tag.</param>
    /// <param name="parameters">The parts to return.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle(string @ref, [AsParameters] ObjectParameters parameters, HttpContext http, IMediator mediator)
    {
        var (reference, parts) = (RefParameter.Parse(@ref), ObjectParts.Of(parameters));
        if (await mediator.Send(new GetObject(reference, TagFreshness.IsWanted(http.Request)), http.RequestAborted) is not { } described)
            return Problem.ObjectNotFound(reference.Text());
        if (reference is ObjectRef.ByTag) TagFreshness.Tell(http.Response, described.IsRemembered);
        return new ObjectAnswer(described, parts);
    }
}
