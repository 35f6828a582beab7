using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.Debuginfod;

/// <summary>
/// A debuginfod server, which finds a kernel by its build-id: <c>/buildid/&lt;id&gt;/section/.BTF</c> is the BTF without the gigabyte of
/// debug information around it, and <c>.rodata</c> has the kernel's banner, which names it.
/// </summary>
internal sealed class DebuginfodSource(string name, SourceClient client, UpstreamOptions options) : IKernelSource
{
    public string Name => name;

    public string Title => $"the source {name}";

    public bool CanList => false;

    public string? KeyOf(KernelIdentifier wanted, out string why)
    {
        why = wanted is BuildId ? "" : "debuginfod finds kernels by their build-id only: buildid:<hex>, as file /boot/vmlinux or "
            + "/sys/kernel/notes show it";
        return (wanted as BuildId)?.Hex;
    }

    public Task<IReadOnlyList<SourceKernel>> FindAsync(KernelIdentifier wanted, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<SourceKernel>>([new DebuginfodKernel(((BuildId)wanted).Hex, client, options.FileBytes)]);

    public Task<SourceList> ListAsync(CancellationToken ct) => throw SourceException.Unfit("its list", "debuginfod has no list of kernels");
}
