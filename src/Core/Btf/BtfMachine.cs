namespace Relo.Core.Btf;

/// <summary>
/// Finds the architecture of a kernel from its BTF, when nothing else names it. Each architecture declares <c>struct pt_regs</c>, the
/// registers of an interrupted program, with its own register names (arch/*/include/asm/ptrace.h).
/// </summary>
public static class BtfMachine
{
    // s390x and ppc64 nest the registers in a struct in a union.
    private const int MaxDepth = 3;

    // Ten times what any architecture needs.
    private const int MaxMembers = 4096;

    /// <summary><c>uname -m</c> as the archive spells it; null if the registers are unknown.</summary>
    public static string? Of(BtfTypes kernel)
    {
        for (var id = 1u; id < kernel.Count; id++)
            if (kernel[id] is { Kind: BtfKind.Struct, Count: > 0 } type && kernel.NameEquals(type.NameOffset, "pt_regs"u8))
                return OfRegisters(kernel, type);
        return null;
    }

    private static string? OfRegisters(BtfTypes kernel, BtfType registers)
    {
        bool Has(ReadOnlySpan<byte> name)
        {
            var budget = MaxMembers;
            return HasMember(kernel, registers, name, MaxDepth, ref budget);
        }

        return Has("orig_ax"u8) ? (Has("r15"u8) ? "x86_64" : "i686")
            : Has("orig_x0"u8) ? "arm64"
            : Has("orig_gpr2"u8) ? "s390x"
            : Has("epc"u8) && Has("s11"u8) && kernel.PointerSize == 8 ? "riscv64"
            : Has("csr_era"u8) ? "loongarch64"
            : Has("nip"u8) && kernel.PointerSize == 8 ? (kernel.IsBigEndian ? "ppc64" : "ppc64le")
            : null;
    }

    private static bool HasMember(BtfTypes kernel, BtfType type, ReadOnlySpan<byte> name, int depth, ref int budget)
    {
        for (var i = 0; i < type.Count && budget-- > 0; i++)
        {
            var member = kernel.Member(type, i);
            if (kernel.NameEquals(member.NameOffset, name)) return true;
            if (member.NameOffset != 0 || depth == 0 || member.TypeId >= (uint)kernel.Count) continue;
            if (kernel[member.TypeId] is { Kind: BtfKind.Struct or BtfKind.Union } inner
                && HasMember(kernel, inner, name, depth - 1, ref budget))
                return true;
        }

        return false;
    }
}
