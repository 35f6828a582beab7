using Relo.Api.Http.Problems;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>Reads from the BTF of a kernel that a request names.</summary>
internal sealed class KernelTypeReader(KernelFinder finder, KernelOpener kernels, WorkGate gate)
{
    /// <summary>The kernel, and the result.</summary>
    /// <exception cref="RefusedException">No kernel matches, or several do; or the result is too large.</exception>
    public async Task<(Kernel Kernel, T Result)> ReadAsync<T>(
        KernelQuery query, Func<Kernel, BtfTypes, CancellationToken, T> read, CancellationToken cancellation)
        where T : class
    {
        var resolution = await finder.FindAsync(query, cancellation);
        if (resolution is not KernelFound { Kernel: var kernel }) throw new RefusedException(Problem.Of(resolution, query.Kernel));
        try
        {
            return (kernel, await kernels.UseAsync(
                kernel, keep: true, work => gate.RunAsync(work, cancellation), (opened, stop) => read(kernel, opened.Types, stop),
                cancellation));
        }
        catch (LayoutTooLargeException e)
        {
            throw new RefusedException(Problem.ReportTooLarge(e.Message), e);
        }
    }

    /// <summary>The types of a name, the one it means first.</summary>
    /// <exception cref="RefusedException">There is none: <c>type-not-found</c>.</exception>
    public static IReadOnlyList<BtfType> Find(Kernel kernel, BtfTypes types, string name, string? kind)
    {
        if (kind is not null && !NamedTypes.KindWords.Contains(kind))
            throw new RefusedException(Problem.InvalidParameter("kind", kind, string.Join(", ", NamedTypes.KindWords)));
        var found = NamedTypes.Find(types, name, kind);
        return found.Count > 0
            ? found
            : throw new RefusedException(Problem.TypeNotFound(kind is null ? name : $"{kind} {name}", kernel.Id));
    }
}
