using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Relo.Core.Bpf;
using Relo.Core.Reachability;

namespace Relo.Core.Tests.Reachability;

/// <summary>The verifier of the running kernel, called through bpf(2).</summary>
internal static class Verifier
{
    private const int ProgramLoad = 5;
    private const int SocketFilter = 1;
    private const int LogBytes = 1 << 20;
    private static readonly Syscall? Call = Find();

    /// <summary>Why it cannot be called, or null.</summary>
    public static string? Unavailable { get; } = Probe();

    /// <summary>The version of the running kernel, of which its verifier is.</summary>
    public static KernelVersion Version
    {
        get
        {
            var numbers = File.ReadAllText("/proc/sys/kernel/osrelease").Split('.', '-', '+', '\n')[..2].Select(uint.Parse).ToArray();
            return KernelVersion.Line(numbers[0], numbers[1]);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
    private delegate nint Syscall(nint number, nint command, nint attributes, nint size);

    /// <summary>Loads a socket filter (its context is a __sk_buff) and drops it again.</summary>
    public static (bool Accepted, string Log) Verify(IReadOnlyList<Instruction> instructions)
    {
        var bytes = new byte[instructions.Count * Instruction.Size];
        for (var i = 0; i < instructions.Count; i++)
            instructions[i].Write(bytes.AsSpan(i * Instruction.Size), !BitConverter.IsLittleEndian);
        var code = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        var license = GCHandle.Alloc("GPL\0"u8.ToArray(), GCHandleType.Pinned);
        var log = new byte[LogBytes];
        var logHandle = GCHandle.Alloc(log, GCHandleType.Pinned);
        var attributes = new byte[128]; // union bpf_attr
        BitConverter.TryWriteBytes(attributes, SocketFilter);
        BitConverter.TryWriteBytes(attributes.AsSpan(4), instructions.Count);
        BitConverter.TryWriteBytes(attributes.AsSpan(8), (long)code.AddrOfPinnedObject());
        BitConverter.TryWriteBytes(attributes.AsSpan(16), (long)license.AddrOfPinnedObject());
        BitConverter.TryWriteBytes(attributes.AsSpan(24), 1); // log level
        BitConverter.TryWriteBytes(attributes.AsSpan(28), LogBytes);
        BitConverter.TryWriteBytes(attributes.AsSpan(32), (long)logHandle.AddrOfPinnedObject());
        var attributesHandle = GCHandle.Alloc(attributes, GCHandleType.Pinned);
        try
        {
            var descriptor = Call!(Number(), ProgramLoad, attributesHandle.AddrOfPinnedObject(), attributes.Length);
            if (descriptor >= 0) new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
            return (descriptor >= 0, Encoding.UTF8.GetString(log, 0, log.AsSpan().IndexOf((byte)0)));
        }
        finally
        {
            foreach (var handle in (GCHandle[])[code, license, logHandle, attributesHandle]) handle.Free();
        }
    }

    private static string? Probe()
    {
        if (Call is null) return "bpf(2) is only known for x86-64 and arm64 Linux";
        var (accepted, log) = Verify([new(0xb7, 0, 0, 0, 0), new(0x95, 0, 0, 0, 0)]);
        return accepted ? null : $"bpf(2) is not permitted here: error {Marshal.GetLastPInvokeError()} {log}";
    }

    private static nint Number() => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;

    private static Syscall? Find() =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            && NativeLibrary.TryLoad("libc.so.6", out var libc)
            ? Marshal.GetDelegateForFunctionPointer<Syscall>(NativeLibrary.GetExport(libc, "syscall"))
            : null;
}
