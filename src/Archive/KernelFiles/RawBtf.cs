using Relo.Archive.Kernels;

namespace Relo.Archive.KernelFiles;

/// <summary>Raw BTF, as <c>/sys/kernel/btf/vmlinux</c> shows it. Only recognised here; Core checks it.</summary>
internal static class RawBtf
{
    // 0xeb9f in the byte order of the kernel (linux/btf.h, BTF_MAGIC).
    private static ReadOnlySpan<byte> Little => [0x9f, 0xeb];

    private static ReadOnlySpan<byte> Big => [0xeb, 0x9f];

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(Little) || head.StartsWith(Big);

    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits) => file.Length <= limits.BtfBytes
        ? new(file, "raw BTF")
        : throw new KernelFileException(
            $"the BTF has {file.Length} bytes, at most {limits.BtfBytes} are accepted")
        {
            Code = Rejected.InvalidBtf,
        };
}
