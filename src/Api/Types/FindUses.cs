using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>
/// What is declared with a type of a kernel: members, functions, variables and typedefs.
/// <code>curl -fsS 'http://localhost:8080/v1/types/thread_info/uses?kernel=5.11.0-syscall-work'</code>
/// </summary>
internal sealed record FindUses(TypeQuery Type, SearchPlace From, int Limit, KernelQuery Kernel) : IRequest<TypeUsePage>;

/// <summary>Searches the BTF.</summary>
internal sealed class FindUsesHandler(KernelTypeReader reader) : IRequestHandler<FindUses, TypeUsePage>
{
    /// <inheritdoc/>
    public async Task<TypeUsePage> Handle(FindUses request, CancellationToken cancellationToken)
    {
        var (_, page) = await reader.ReadAsync(
            request.Kernel,
            (kernel, opened, stop) =>
            {
                var found = request.Type.FindOn(kernel, opened);
                var (uses, next) = TypeUses.Find(found.Types, found.Found[0].Id, request.From, request.Limit, stop);
                return new TypeUsePage(kernel, uses, PlaceText.Of(next));
            },
            cancellationToken);
        return page;
    }
}

/// <summary>A page of uses of a type.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Items">The uses, in the order of the BTF.</param>
/// <param name="Next">For <c>after</c>; null at the end.</param>
internal sealed record TypeUsePage(Kernel Kernel, IReadOnlyList<TypeUse> Items, string? Next);

/// <summary>The kernel, which of several types, and the page.</summary>
internal sealed record FindUsesParameters : KernelParameters
{
    /// <summary>Which of several types with this name: <c>struct</c>, <c>union</c>, <c>enum</c>, …</summary>
    [FromQuery(Name = "kind"), TypeKind]
    public string? Kind { get; init; }

    /// <summary>Only this module of the kernel and what it uses; by default the kernel, and then its modules.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }

    /// <summary>The largest number of uses, 1 to 1000.</summary>
    [FromQuery(Name = "limit"), DefaultValue(PageSize.Default)]
    public int? Limit { get; init; }

    /// <summary><c>next</c> of the previous page.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }
}

/// <summary>GET /v1/types/{name}/uses.</summary>
internal static class FindUsesRoute
{
    /// <summary>Finds what is declared with a type.</summary>
    /// <remarks>
    /// Members of structs and unions, functions that take or return it, variables and typedefs, page by page; as the type itself, as a
    /// pointer or as an array of it. Of a type of a module, the uses in this module.
    /// </remarks>
    /// <param name="name"><c>task_struct</c> or <c>struct task_struct</c>.</param>
    /// <param name="parameters">The kernel, which of several types, and the page.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs it.</param>
    public static async Task<IResult> Handle(
        string name, [AsParameters] FindUsesParameters parameters, HttpContext http, IMediator mediator)
    {
        var type = new TypeQuery(name, parameters.Kind, parameters.Module);
        var from = PlaceText.Parse(parameters.After, new(1, 0));
        var page = await mediator.Send(new FindUses(type, from, PageSize.Of(parameters.Limit), parameters.ToQuery()), http.RequestAborted);
        if (page.Next is not null) http.Response.Headers.Link = NextLink.To(http.Request, page.Next);
        return Answer.Ok(page);
    }
}
