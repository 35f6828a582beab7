using Relo.Core.Bytes;

namespace Relo.Api.Tests.Fixtures;

/// <summary>The sample object and kernels that come with the page.</summary>
internal static class Samples
{
    /// <summary>The kernel with the object's compile-time offset of task_struct.state.</summary>
    public const string OldKernel = "sample/1/x86_64/5.10.0-flags-status";

    /// <summary>The kernel that moved task_struct.state by 8 bytes.</summary>
    public const string NewKernel = "sample/1/x86_64/5.11.0-syscall-work";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "samples");

    /// <summary>Reads pid, state and more of task_struct; has a field that neither kernel has.</summary>
    public static byte[] Object { get; } = File.ReadAllBytes(Path.Combine(Folder, "runqslower-mini.bpf.o"));

    public static Digest ObjectDigest { get; } = Digest.Of(Object);

    public static byte[] OldBtf { get; } = File.ReadAllBytes(Path.Combine(Folder, "kernels", OldKernel + ".btf"));

    public static byte[] NewBtf { get; } = File.ReadAllBytes(Path.Combine(Folder, "kernels", NewKernel + ".btf"));
}
