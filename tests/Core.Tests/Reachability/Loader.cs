using System.Runtime.InteropServices;
using System.Text;

namespace Relo.Core.Tests.Reachability;

/// <summary>Loads objects with the installed libbpf, as a user's program would, with or without kernel BTF in sight.</summary>
internal static class Loader
{
    private const string Libbpf = "libbpf.so.1";
    private const int NewMountNamespace = 0x00020000;
    private const ulong RecursivePrivate = 0x4000 | 0x40000;
    private const int LogBytes = 1 << 24;

    // These need the node's own BTF to attach, whether they are relocated or not.
    private static readonly string[] Standalone =
        ["raw_tp", "raw_tracepoint", "kprobe", "kretprobe", "tp", "tracepoint", "perf_event", "socket"];

    /// <summary>Why nothing can be loaded, or null.</summary>
    public static string? Unavailable { get; } =
        Verifier.Unavailable
            ?? (NativeLibrary.TryLoad(Libbpf, out _) ? File.Exists("/sys/kernel/btf/vmlinux")
                ? null : "the running kernel has no BTF"
                : $"{Libbpf} is not installed");

    /// <summary>Whether <see cref="Load(byte[], bool)"/> loads the programs of a section.</summary>
    public static bool NeedsNoKernelBtf(string section) => Standalone.Contains(section.Split('/')[0]);

    /// <summary>
    /// The error of bpf_object__load (0 = loaded) for the programs that need no kernel BTF to attach, how many those are, and the
    /// verifier's last words.
    /// </summary>
    public static (int Error, int Programs, string Log) Load(byte[] elf, bool hideKernelBtf)
    {
        (int, int, string) result = default;
        Exception? failure = null;
        // Its own thread: the thread's view of the file system ends with it.
        var thread = new Thread(() =>
        {
            try
            {
                if (hideKernelBtf) HideKernelBtf();
                result = Load(elf);
            }
            catch (InvalidOperationException e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    private static (int Error, int Programs, string Log) Load(byte[] elf)
    {
        libbpf_set_print(0);
        var bytes = GCHandle.Alloc(elf, GCHandleType.Pinned);
        var log = new byte[LogBytes];
        var logHandle = GCHandle.Alloc(log, GCHandleType.Pinned);
        var options = Marshal.AllocHGlobal(80); // struct bpf_object_open_opts: size first, then kernel_log_buf, _size, _level at 56
        try
        {
            for (var i = 0; i < 80; i += 8) Marshal.WriteInt64(options, i, 0);
            Marshal.WriteInt64(options, 0, 80);
            Marshal.WriteIntPtr(options, 56, logHandle.AddrOfPinnedObject());
            Marshal.WriteInt64(options, 64, LogBytes);
            var bpf = bpf_object__open_mem(bytes.AddrOfPinnedObject(), (nuint)elf.Length, options);
            if (bpf == 0) return (-Marshal.GetLastPInvokeError(), 0, "it could not be opened");
            var count = 0;
            for (var program = bpf_object__next_program(bpf, 0); program != 0; program = bpf_object__next_program(bpf, program))
            {
                var section = Marshal.PtrToStringUTF8(bpf_program__section_name(program))!;
                var load = NeedsNoKernelBtf(section);
                _ = bpf_program__set_autoload(program, load);
                count += load ? 1 : 0;
            }
            var error = bpf_object__load(bpf);
            bpf_object__close(bpf);
            return (error, count, Encoding.UTF8.GetString(log, 0, log.AsSpan().IndexOf((byte)0)));
        }
        finally
        {
            bytes.Free();
            logHandle.Free();
            Marshal.FreeHGlobal(options);
        }
    }

    private static void HideKernelBtf()
    {
        if (unshare(NewMountNamespace) != 0 || mount("none", "/", null, RecursivePrivate, 0) != 0
            || mount("none", "/sys/kernel/btf", "tmpfs", 0, 0) != 0)
            throw new InvalidOperationException($"/sys/kernel/btf cannot be hidden: error {Marshal.GetLastPInvokeError()}");
        if (File.Exists("/sys/kernel/btf/vmlinux")) throw new InvalidOperationException("/sys/kernel/btf is still in sight");
    }

#pragma warning disable IDE1006, CA2101 // names are C's; the marshalling is given for each string
    [DllImport(Libbpf)]
    private static extern nint libbpf_set_print(nint print);

    [DllImport(Libbpf, SetLastError = true)]
    private static extern nint bpf_object__open_mem(nint bytes, nuint size, nint options);

    [DllImport(Libbpf)]
    private static extern nint bpf_object__next_program(nint bpf, nint program);

    [DllImport(Libbpf)]
    private static extern nint bpf_program__section_name(nint program);

    [DllImport(Libbpf)]
    private static extern int bpf_program__set_autoload(nint program, [MarshalAs(UnmanagedType.I1)] bool load);

    [DllImport(Libbpf)]
    private static extern int bpf_object__load(nint bpf);

    [DllImport(Libbpf)]
    private static extern void bpf_object__close(nint bpf);

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int mount([MarshalAs(UnmanagedType.LPUTF8Str)] string source, [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string? type, ulong flags, nint data);
#pragma warning restore IDE1006, CA2101
}
