using Relo.Api.Kernels;
using Relo.Archive;
using Relo.Core;
using Relo.Core.Bytes;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The one way from an object and a kernel to a relocation; every route that needs one goes through here.</summary>
internal sealed class RelocationRunner(BtfCache btfs)
{
    /// <summary>Relocates.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="cancellation">The client is gone: the work stops.</param>
    public RelocationResult Run(BpfObject bpf, Digest digest, Kernel kernel, CancellationToken cancellation)
    {
        using var btf = btfs.OpenModulesToo(kernel);
        return Relocator.Relocate(bpf, btf.Types, btf.Modules, cancellation) switch
        {
            Relocated relocated => new RelocationMade(new MadeRelocation(
                digest, kernel, relocated.PatchedBytes, Digest.Of(relocated.PatchedBytes.Span), ReportBuilder.Build(bpf, relocated))),
            RelocationFailed failed => new RelocationRefused(failed, kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
