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
internal sealed record DescribeType(string Name, string? Kind, KernelQuery Kernel) : IRequest<TypeDocument>;

/// <summary>Reads it.</summary>
internal sealed class DescribeTypeHandler(KernelTypeReader reader) : IRequestHandler<DescribeType, TypeDocument>
{
    /// <inheritdoc/>
    public async Task<TypeDocument> Handle(DescribeType request, CancellationToken cancellationToken)
    {
        var (kernel, read) = await reader.ReadAsync(
            request.Kernel,
            (kernel, types, _) =>
            {
                var found = KernelTypeReader.Find(kernel, types, request.Name, request.Kind);
                return Tuple.Create(LayoutReader.Read(types, found[0]), found.Skip(1).Select(NamedTypes.KindOf).ToList());
            },
            cancellationToken);
        return new(kernel, read.Item1, read.Item2);
    }
}

/// <summary>The kernel, and which of several types.</summary>
internal sealed record DescribeTypeParameters : KernelParameters
{
    /// <summary>
    /// <c>struct</c>, <c>union</c>, <c>enum</c>, <c>typedef</c>, <c>int</c>, <c>float</c>, <c>func</c> or <c>var</c>; by default the first
    /// of these that has the name.
    /// </summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }
}

/// <summary>GET /v1/types/{name}.</summary>
internal static class DescribeTypeRoute
{
    /// <summary>Describes a type of a kernel.</summary>
    /// <remarks>
    /// <c>text/plain</c> is C with offsets, sizes, holes and cache lines, as pahole prints it. The name is <c>task_struct</c> or
    /// <c>struct task_struct</c>; functions and variables have their declaration. Types of modules are not searched.
    /// </remarks>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="parameters">The kernel, and which of several types.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string name, [AsParameters] DescribeTypeParameters parameters, HttpContext http, IMediator mediator)
    {
        var document = await mediator.Send(new DescribeType(name, parameters.Kind, parameters.ToQuery()), http.RequestAborted);
        return OfferedForms.Chosen(http) == PlainText.MediaType
            ? PlainText.Of($"/* {document.Kernel.Id} */\n{LayoutText.Of(document.Type)}")
            : Answer.Ok(document);
    }
}
