using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// A type of a kernel, with offsets and sizes.
/// <code>curl -fsS -H 'Accept: text/plain' 'http://localhost:8080/v1/types/task_struct?kernel=5.11.0-syscall-work'</code>
/// </summary>
internal sealed record DescribeType(TypeQuery Type, KernelQuery Kernel) : IRequest<TypeDocument>;

/// <summary>Reads the type from the kernel's BTF.</summary>
internal sealed class DescribeTypeHandler(KernelTypeReader reader) : IRequestHandler<DescribeType, TypeDocument>
{
    /// <inheritdoc/>
    public async Task<TypeDocument> Handle(DescribeType request, CancellationToken cancellationToken)
    {
        var (_, document) = await reader.ReadAsync(
            request.Kernel,
            (kernel, opened, _) =>
            {
                var found = request.Type.FindOn(kernel, opened);
                var others = found.Found.Skip(1).Select(NamedTypes.KindOf).ToList();
                return new TypeDocument(kernel, found.Module, LayoutReader.Read(found.Types, found.Found[0]), others);
            },
            cancellationToken);
        return document;
    }
}

/// <summary>The kernel, and which of several types.</summary>
internal sealed record DescribeTypeParameters : KernelParameters
{
    /// <summary>
    /// <c>struct</c>, <c>union</c>, <c>enum</c>, <c>typedef</c>, <c>int</c>, <c>float</c>, <c>func</c> or <c>var</c>; by default the first
    /// of these that has the name.
    /// </summary>
    [FromQuery(Name = "kind"), TypeKind]
    public string? Kind { get; init; }

    /// <summary>Only this module of the kernel and what it uses; by default the kernel, and then its modules.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }
}

/// <summary>GET /v1/types/{name}.</summary>
internal static class DescribeTypeRoute
{
    /// <summary>Describes a type of a kernel.</summary>
    /// <remarks>
    /// <c>text/plain</c> is C with offsets, sizes, holes and cache lines, as pahole prints it. The name is <c>task_struct</c> or
    /// <c>struct task_struct</c>; functions and variables have their declaration. Modules are searched
    /// for names that the kernel itself lacks.
    /// </remarks>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="parameters">The kernel, and which of several types.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string name, [AsParameters] DescribeTypeParameters parameters, HttpContext http, IMediator mediator)
    {
        var document = await mediator.Send(
            new DescribeType(new(name, parameters.Kind, parameters.Module), parameters.ToQuery()), http.RequestAborted);
        return OfferedForms.Chosen(http) == PlainText.MediaType
            ? PlainText.Of(document.ToText())
            : Answer.Ok(document);
    }
}
