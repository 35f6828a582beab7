using Relo.Core.Elf;

namespace Relo.Archive.KernelFiles.Elf;

/// <summary>The architectures of Linux kernels.</summary>
internal static class ElfMachine
{
    /// <summary>e_machine (elf.h) as <c>uname -m</c> prints it; null for unknown machines.</summary>
    public static string? Arch(ElfHeader header) => header.Machine switch
    {
        62 => "x86_64",
        183 => "arm64",
        3 => "i686",
        40 => "armv7l",
        21 => header.IsBigEndian ? "ppc64" : "ppc64le",
        22 => "s390x",
        243 => "riscv64",
        258 => "loongarch64",
        _ => null,
    };
}
