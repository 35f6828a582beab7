using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Opens kernels as the service does, without its queue for work.</summary>
internal static class Opening
{
    /// <summary>A BTF, as that of a kernel without modules.</summary>
    public static BtfLease? Open(this BtfCache cache, Digest btf, bool keep = true) =>
        cache.OpenWithModules(new("a/1/x86_64/r", "a", "1", "x86_64", "r", btf, 0, "test", default, []), keep);

    /// <summary>Uses a kernel on the caller's thread.</summary>
    public static Task<T> UseAsync<T>(this KernelOpener opener, Kernel kernel, bool keep, Func<BtfLease, T> use, CancellationToken ct)
        where T : class => opener.UseAsync(kernel, keep, work => Task.FromResult(work(ct)), (lease, _) => use(lease), ct);
}
