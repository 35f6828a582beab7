using System.Buffers;
using System.Net.Mime;
using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Archive.Objects;

namespace Relo.Api.Objects;

/// <summary>
/// The bytes of a stored object, as uploaded.
/// <code>curl -O -J http://localhost:8080/v1/objects/tracer/file</code>
/// </summary>
internal sealed record GetObjectFile(ObjectRef Object, bool IsCurrent) : IRequest<ObjectFile?>;

/// <summary>The object, mapped from its file. Dispose it after sending.</summary>
internal sealed record ObjectFile(StoredObject Object, IMemoryOwner<byte> Bytes);

/// <summary>Opens the file.</summary>
internal sealed class GetObjectFileHandler(ObjectStore objects) : IRequestHandler<GetObjectFile, ObjectFile?>
{
    /// <inheritdoc/>
    public async Task<ObjectFile?> Handle(GetObjectFile request, CancellationToken cancellationToken)
        => await objects.FindAsync(request.Object, cancellationToken, request.IsCurrent) is { } stored
            && await objects.OpenAsync(stored.Digest, cancellationToken) is { } bytes
            ? new ObjectFile(stored, bytes)
            : null;
}

/// <summary>GET /v1/objects/{ref}/file.</summary>
internal static class GetObjectFileRoute
{
    /// <summary>Downloads an object as it was uploaded.</summary>
    /// <param name="ref">Its digest (64 hexadecimal digits) or a tag.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle(string @ref, HttpContext http, IMediator mediator)
    {
        var reference = RefParameter.Parse(@ref);
        if (await mediator.Send(new GetObjectFile(reference, TagFreshness.IsWanted(http.Request)), http.RequestAborted) is not { } file)
            return Problem.ObjectNotFound(reference.Text());
        if (reference is ObjectRef.ByTag) TagFreshness.Tell(http.Response, file.Object.IsRemembered);
        return new Download(
            file.Bytes.Memory, file.Object.Digest, MediaTypeNames.Application.Octet, reference.FileName(),
            immutable: reference is ObjectRef.ByDigest, owner: file.Bytes, freshFor: GetRelocatedRoute.TagIsFreshFor);
    }
}
