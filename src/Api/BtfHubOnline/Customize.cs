using System.Net.Mime;
using MediatR;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.MinimalBtf;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Export;
using Relo.Core.Bytes;

namespace Relo.Api.BtfHubOnline;

/// <summary>
/// POST /api/v1/customize: the part of a kernel's BTF that an object needs, packed as btfhub-online packs it. POST /v1/minimal-btf returns
/// it raw and is the same use case; POST /v1/relocations makes both unnecessary.
/// <code>
/// Q='distribution=ubuntu&amp;distribution_version=20.04&amp;kernel_version=5.11.0-1022-gcp&amp;arch=x86_64'
/// curl -F bpf=@tracer.bpf.o -o btf.tar.xz "http://localhost:8080/api/v1/customize?$Q"
/// </code>
/// </summary>
internal static class CustomizeRoute
{
    /// <summary>Form field of the object.</summary>
    public const string FileField = "bpf";

    /// <summary>Reduces the BTF of a kernel to the types that a BPF object needs, as btfhub-online does.</summary>
    /// <remarks>The response is a <c>.tar.xz</c> with one file, <c>&lt;kernel_version&gt;.btf</c>.</remarks>
    public static async Task<IResult> Handle(
        [AsParameters] BtfRecordIdentifier identifier, HttpContext http, IMediator mediator, WorkGate gate, IOptions<LimitOptions> limits)
    {
        var query = identifier.ToQuery();
        var bytes = await BpfField.ReadAsync(http, limits.Value.ObjectBytes);
        return await mediator.Send(new MakeMinimalBtf(bytes, query, MemoryShare.OfRequest(http)), http.RequestAborted) switch
        {
            MinimalBtfOfKernel made => await PackAsync(http, gate, made),
            MinimalBtfRefused refused => RelocationProblem.Of(new RelocationRefused(refused.Failure, refused.Kernel)),
            MinimalBtfUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static async Task<Download> PackAsync(HttpContext http, WorkGate gate, MinimalBtfOfKernel made)
    {
        FileTransfer.Announce(http.Response);
        var tarball = await gate.RunAsync(stop => BtfTarball.Write(made.Kernel.Release, made.Btf, stop), http.RequestAborted);
        return new Download(tarball, Digest.Of(tarball), MediaTypeNames.Application.Octet, made.Kernel.Release + BtfTarball.Suffix,
            immutable: false);
    }
}
