using Relo.Api.Http.Problems;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Btf;
using Relo.Core.Layouts;
using Relo.Core.Relocation;

namespace Relo.Api.Types;

/// <summary>Reads from the BTF of a kernel that a request names.</summary>
internal sealed class KernelTypeReader(KernelFinder finder, KernelOpener kernels, WorkGate gate)
{
    /// <summary>The kernel, and the result.</summary>
    /// <exception cref="RefusedException">No kernel matches, or several do; or the result is too large.</exception>
    public async Task<(Kernel Kernel, T Result)> ReadAsync<T>(
        KernelQuery query, Func<Kernel, KernelTypes, CancellationToken, T> read, CancellationToken cancellation)
        where T : class
    {
        var resolution = await finder.FindAsync(query, cancellation);
        if (resolution is not KernelFound { Kernel: var kernel }) throw new RefusedException(Problem.Of(resolution, query.Kernel));
        return (kernel, await ReadAsync(kernel, keep: true, read, cancellation));
    }

    /// <summary>The result for a kernel that was found.</summary>
    /// <exception cref="RefusedException">The result is too large.</exception>
    public async Task<T> ReadAsync<T>(
        Kernel kernel, bool keep, Func<Kernel, KernelTypes, CancellationToken, T> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await kernels.UseAsync(
                kernel, keep, work => gate.RunAsync(work, cancellation), (opened, stop) => read(kernel, opened.Kernel, stop), cancellation);
        }
        catch (LayoutTooLargeException e)
        {
            throw new RefusedException(Problem.ReportTooLarge(e.Message), e);
        }
    }

    /// <summary>The types of a module; without one, those of the kernel itself.</summary>
    /// <exception cref="RefusedException">The kernel has no such module.</exception>
    public static BtfTypes Of(Kernel kernel, KernelTypes opened, string? module)
    {
        if (string.IsNullOrEmpty(module)) return opened.Own;
        var name = module.Replace('-', '_'); // as the kernel names modules; files are named either way
        return opened.Modules.FirstOrDefault(one => one.Name == name)?.Types
            ?? throw new RefusedException(Problem.InvalidParameter("module", module, kernel.Modules.Count == 0
                ? $"no module: the archive has none of {kernel.Id}"
                : $"a module of {kernel.Id} in the archive, such as {kernel.Modules[0]}"));
    }
}
