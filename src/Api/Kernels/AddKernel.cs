using System.ComponentModel;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;

namespace Relo.Api.Kernels;

/// <summary>
/// Adds a kernel to the archive from a file that holds its BTF.
/// <code>
/// curl --data-binary @/sys/kernel/btf/vmlinux \
///   "http://localhost:8080/v1/kernels?distro=debian&amp;version=12&amp;arch=$(uname -m)&amp;release=$(uname -r)"
/// </code>
/// </summary>
internal sealed record AddKernel(ReadOnlyMemory<byte> File, KernelDescription Given, bool Replace) : IRequest<AddOutcome>;

/// <summary>Hands the file to the archive.</summary>
internal sealed class AddKernelHandler(KernelStore store, KernelFileTurns turns) : IRequestHandler<AddKernel, AddOutcome>
{
    /// <inheritdoc/>
    public Task<AddOutcome> Handle(AddKernel request, CancellationToken cancellationToken)
        => turns.RunAsync(() => store.AddAsync(request.File, request.Given, "upload", request.Replace, cancellationToken),
            cancellationToken);
}

/// <summary>The client's description of the file.</summary>
internal sealed record AddKernelParameters
{
    /// <summary><c>ID</c> of os-release; default <c>custom</c>.</summary>
    [FromQuery(Name = "distro")]
    public string? Distro { get; init; }

    /// <summary><c>VERSION_ID</c> of os-release; default <c>local</c>.</summary>
    [FromQuery(Name = "version")]
    public string? Version { get; init; }

    /// <summary><c>uname -m</c>; may be omitted if the file contains it.</summary>
    [FromQuery(Name = "arch")]
    public string? Arch { get; init; }

    /// <summary><c>uname -r</c>; may be omitted if the file contains it.</summary>
    [FromQuery(Name = "release")]
    public string? Release { get; init; }

    /// <summary>Name of the module, if the file is one.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }

    /// <summary>Whether to replace a kernel that has this id but different BTF.</summary>
    [FromQuery(Name = "replace"), DefaultValue(false)]
    public bool? Replace { get; init; }

    /// <summary>The description for the archive. A plus sign that was not encoded arrives as a space, and no release has a space.</summary>
    public KernelDescription Describe() =>
        new(Blank(Distro), Blank(Version), Blank(Arch), Blank(Release)?.Replace(' ', '+'), Blank(Module));

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>POST /v1/kernels.</summary>
internal static class AddKernelRoute
{
    /// <summary>Adds a kernel.</summary>
    /// <remarks>
    /// The file contains its BTF and is recognised by content. Parameters that the file itself contains may be omitted. Every parameter may
    /// be sent as a form field.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] AddKernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var request = new AddKernel(KernelBody.Of(http).Bytes, parameters.Describe(), parameters.Replace ?? false);
        return await mediator.Send(request, http.RequestAborted) switch
        {
            Added added => Answer.Created($"/v1/kernels/resolve?kernel={Uri.EscapeDataString(added.Kernel.Id)}", added.Kernel),
            AlreadyThere there => Answer.Ok(there.Kernel),
            Conflict conflict => Problem.Of(conflict),
            Rejected rejected => Problem.Of(rejected),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
