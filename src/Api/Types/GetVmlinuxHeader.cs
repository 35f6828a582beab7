using System.Text;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Headers;

namespace Relo.Api.Types;

/// <summary>
/// The types of a kernel as C.
/// <code>curl -fsS -o vmlinux.h 'http://localhost:8080/v1/vmlinux.h?kernel=5.11.0-syscall-work'</code>
/// </summary>
internal sealed record GetVmlinuxHeader(KernelQuery Kernel, string? Module) : IRequest<VmlinuxHeaderMade>;

/// <summary>The header.</summary>
internal sealed record VmlinuxHeaderMade(byte[] Text, Digest Digest);

/// <summary>Writes the header.</summary>
internal sealed class GetVmlinuxHeaderHandler(KernelTypeReader reader, IOptions<LimitOptions> limits)
    : IRequestHandler<GetVmlinuxHeader, VmlinuxHeaderMade>
{
    /// <inheritdoc/>
    public async Task<VmlinuxHeaderMade> Handle(GetVmlinuxHeader request, CancellationToken cancellationToken) => (await reader.ReadAsync(
        request.Kernel,
        (kernel, opened, stop) =>
        {
            var types = KernelTypeReader.Of(kernel, opened, request.Module);
            var title = $"{kernel.Id}{(types.Base is null ? "" : $", module {request.Module}")}, BTF {kernel.Btf}";
            using var bytes = new MemoryStream();
            using (var text = new StreamWriter(bytes, new UTF8Encoding(false), leaveOpen: true))
                VmlinuxHeader.Write(types, title, limits.Value.ReportBytes, text.Write, stop);
            var whole = bytes.ToArray();
            return new VmlinuxHeaderMade(whole, Digest.Of(whole));
        },
        cancellationToken)).Result;
}

/// <summary>The kernel, and perhaps a module.</summary>
internal sealed record VmlinuxHeaderParameters : KernelParameters
{
    /// <summary>Also the types of this module of the kernel.</summary>
    [FromQuery(Name = "module")]
    public string? Module { get; init; }
}

/// <summary>GET /v1/vmlinux.h.</summary>
internal static class GetVmlinuxHeaderRoute
{
    /// <summary>Downloads the types of a kernel as C.</summary>
    /// <remarks>
    /// What <c>clang -target bpf</c> compiles, with the kernel's offsets: the types that <c>bpftool btf dump file … format c</c> prints,
    /// sorted, with the kernel's tags as attributes.
    /// </remarks>
    public static async Task<IResult> Handle([AsParameters] VmlinuxHeaderParameters parameters, HttpContext http, IMediator mediator)
    {
        var header = await mediator.Send(new GetVmlinuxHeader(parameters.ToQuery(), parameters.Module), http.RequestAborted);
        return new Download(header.Text, header.Digest, PlainText.MediaType + "; charset=utf-8", "vmlinux.h", immutable: false);
    }
}
