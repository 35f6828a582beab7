namespace Relo.Core.Tests.Fixtures;

/// <summary>The files of wwwroot/samples, and the big-endian twin of the object.</summary>
internal static class Samples
{
    private const string Kernels = "Samples/kernels/sample/1/x86_64/";

    /// <summary>Programs built for a task_struct whose state is at 16.</summary>
    public static byte[] Object { get; } = Read("Samples/runqslower-mini.bpf.o");

    public static byte[] BigEndianObject { get; } = Read("Fixtures/runqslower-mini.big-endian.bpf.o");

    /// <summary>BTF of a kernel whose task_struct.state is at 16.</summary>
    public static byte[] FlagsStatus { get; } = Read(Kernels + "5.10.0-flags-status.btf");

    /// <summary>BTF of a kernel whose task_struct.state is at 24.</summary>
    public static byte[] SyscallWork { get; } = Read(Kernels + "5.11.0-syscall-work.btf");

    private static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, path));
}
